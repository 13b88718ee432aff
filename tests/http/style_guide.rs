//! The page of all components belongs to the demo. (`tests/browser/access.test.mjs` looks at it there.)

use crate::world::World;
use axum::http::StatusCode;

#[tokio::test]
async fn the_page_of_all_components_is_not_there_outside_the_demo() {
    let world = World::new().await;
    let answer = world.get("/desk/components").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    // A control: a page of the desk that is there is not answered so.
    let answer = world.get("/desk/sign-in").await;
    assert_eq!(answer.status, StatusCode::OK);
}
