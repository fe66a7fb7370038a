//! What can go wrong at a pool: each has its test. Answers are spoilt by something that stands between driver and pool.
#![allow(clippy::expect_used)]

#[path = "common/bed.rs"]
mod bed;
#[path = "common/between.rs"]
mod between;

#[path = "faults_sim/answers.rs"]
mod answers;
#[path = "faults_sim/coordinator.rs"]
mod coordinator;
#[path = "faults_sim/objects.rs"]
mod objects;
#[path = "faults_sim/scale.rs"]
mod scale;
#[path = "faults_sim/screens.rs"]
mod screens;
#[path = "faults_sim/sign_in.rs"]
mod sign_in;
#[path = "faults_sim/trust.rs"]
mod trust;
