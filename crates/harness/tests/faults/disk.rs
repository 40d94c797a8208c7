//! A small file system that can be filled, and functions that damage files.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// A file system of 4 MiB in memory if the system allows mounting one, else a folder.
pub(crate) struct Disk {
    folder: PathBuf,
    pub(crate) mounted: bool,
}

impl Disk {
    pub(crate) fn new(folder: &Path) -> Self {
        fs::create_dir(folder).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "headstart-faults"]).arg(folder).stderr(Stdio::null());
        let mounted = mount.status().is_ok_and(|status| status.success());
        Self { folder: folder.to_owned(), mounted }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// Fills the disk; fewer than `left` bytes stay free.
    pub(crate) fn fill(&self, left: u64) {
        let mut ballast = File::create(self.ballast()).unwrap();
        let mut length = 0;
        for block in [1 << 16, 1 << 12, 1] {
            while ballast.write(&vec![1; block]).is_ok_and(|written| {
                length += written as u64;
                written == block
            }) {}
        }
        ballast.set_len(length.saturating_sub(left)).unwrap();
    }

    pub(crate) fn relieve(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            // Lazily: a process may still have a file open on it.
            let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
        }
    }
}

/// Cuts a file at a random byte.
pub(crate) fn truncate(path: &Path, random: &mut ChaCha8Rng) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    // Every fourth cut may lose most of the file, the others only its end.
    let from = if random.random_bool(0.25) { 0 } else { length - length / 8 };
    file.set_len(random.random_range(from..=length)).unwrap();
}

/// Flips one to eight bits, anywhere or near each other.
pub(crate) fn flip_bits(path: &Path, random: &mut ChaCha8Rng) {
    use std::os::unix::fs::FileExt;
    let file = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    let (from, to) = if length > 400 && random.random_bool(0.5) {
        let from = random.random_range(0..length - 200);
        (from, from + 200)
    } else {
        (0, length)
    };
    for _ in 0..random.random_range(1..=8) {
        let (mut byte, place) = ([0], random.random_range(from..to));
        file.read_exact_at(&mut byte, place).unwrap();
        byte[0] ^= 1 << random.random_range(0..8);
        file.write_all_at(&byte, place).unwrap();
    }
}
