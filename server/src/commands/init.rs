//! `pledge init`: makes an installation and shows its recovery key once.

use crate::bootstrap::init_folder;
use crate::commands::recovery::prints_of;
use crate::config::data_folder;
use crate::error::CliError;
use crate::options::Options;
use service::clock::{Clock, SystemClock};
use vault::random::SystemRandom;
use vault::recovery_shares::{NEEDED, PRINTS};

pub(crate) async fn init(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    let recovery = init_folder(&data, &SystemRandom).await?;
    println!("Made the keys and the database in {}.", data.display());
    println!();
    if options.recovery_shares {
        println!(
            "RECOVERY KEY, in {PRINTS} prints of which any {NEEDED} are the key. They are shown once and kept nowhere here. \
             Print each on a sheet of its own, put them in {PRINTS} places, and clear this screen."
        );
        print!("{}", prints_of(&recovery, SystemClock.today())?);
    } else {
        println!(
            "RECOVERY KEY. It opens everything that is written here, names and private notes too, with the stock `age` \
             command. It is shown once and kept nowhere here. (With --recovery-shares it comes in {PRINTS} prints of which \
             {NEEDED} are needed.)"
        );
        println!("Print it twice, put both prints in the safe, and clear this screen:");
        println!();
        println!("  {}", recovery.as_text());
    }
    println!();
    println!(
        "Next: pledge staff add --name NAME --role coordinator --data {}",
        data.display()
    );
    Ok(())
}
