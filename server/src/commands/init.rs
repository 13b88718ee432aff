//! `pledge init`: makes an installation and shows its recovery key once.

use crate::bootstrap::init_folder;
use crate::config::data_folder;
use crate::error::CliError;
use crate::options::Options;
use vault::random::SystemRandom;

pub(crate) async fn init(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    let recovery = init_folder(&data, &SystemRandom).await?;
    println!("Made the keys and the database in {}.", data.display());
    println!();
    println!(
        "RECOVERY KEY. It opens every view with the stock `age` command. It is shown once and kept nowhere here."
    );
    println!("Print it twice, put both prints in the safe, and clear this screen:");
    println!();
    println!("  {}", recovery.as_text());
    println!();
    println!(
        "Next: pledge staff add --name NAME --role coordinator --data {}",
        data.display()
    );
    Ok(())
}
