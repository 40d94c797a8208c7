//! stub
mod seed;
mod stats;
