//! A headless browser that records console messages, errors and requests of a page.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use headless_chrome::browser::default_executable;
use headless_chrome::browser::tab::Tab;
use headless_chrome::protocol::cdp::types::Event;
use headless_chrome::protocol::cdp::{Emulation, Network, Page};
use headless_chrome::{Browser as Chrome, LaunchOptions};
use serde_json::Value;

/// Width and colour scheme of the screen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) dark: bool,
}

impl Look {
    const HEIGHT: u32 = 900;

    fn size(self, height: u32) -> Emulation::SetDeviceMetricsOverride {
        Emulation::SetDeviceMetricsOverride {
            width: self.width,
            height,
            device_scale_factor: 1.0,
            mobile: self.width < 500,
            scale: None,
            screen_width: None,
            screen_height: None,
            position_x: None,
            position_y: None,
            dont_set_visible_size: None,
            screen_orientation: None,
            viewport: None,
            display_feature: None,
            device_posture: None,
        }
    }

    fn media(self, kind: &str) -> Emulation::SetEmulatedMedia {
        let scheme = if self.dark { "dark" } else { "light" };
        let scheme = Emulation::MediaFeature { name: "prefers-color-scheme".into(), value: scheme.into() };
        Emulation::SetEmulatedMedia { media: Some(kind.into()), features: Some(vec![scheme]) }
    }
}

/// One page in its own browser.
pub(crate) struct Browser {
    tab: Arc<Tab>,
    look: Look,
    complaints: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<String>>>,
    /// Kept alive as long as the page.
    _chrome: Chrome,
}

impl Browser {
    /// Starts a browser; `None` if no browser is installed.
    pub(crate) fn start(look: Look) -> Option<Self> {
        let path = default_executable().ok()?;
        let options = LaunchOptions {
            path: Some(path),
            // The sandbox needs an unprivileged user, which containers lack.
            sandbox: false,
            idle_browser_timeout: Duration::from_mins(2),
            window_size: Some((look.width, Look::HEIGHT)),
            ..LaunchOptions::default()
        };
        let chrome = Chrome::new(options).unwrap();
        let tab = chrome.new_tab().unwrap();
        let (complaints, requests) = (Arc::default(), Arc::default());
        let browser = Self { tab, look, complaints, requests, _chrome: chrome };
        browser.listen();
        browser.tab.call_method(look.size(Look::HEIGHT)).unwrap();
        browser.tab.call_method(look.media("screen")).unwrap();
        Some(browser)
    }

    fn listen(&self) {
        self.tab.enable_log().unwrap();
        self.tab.enable_runtime().unwrap();
        self.tab
            .call_method(Network::Enable {
                max_total_buffer_size: None,
                max_resource_buffer_size: None,
                max_post_data_size: None,
                report_direct_socket_traffic: None,
                enable_durable_messages: None,
            })
            .unwrap();
        let (complaints, requests) = (Arc::clone(&self.complaints), Arc::clone(&self.requests));
        let heard = move |event: &Event| match event {
            Event::RuntimeConsoleAPICalled(call) => complaints.lock().unwrap().push(format!("{:?}", call.params)),
            Event::RuntimeExceptionThrown(thrown) => complaints.lock().unwrap().push(format!("{:?}", thrown.params)),
            Event::LogEntryAdded(entry) => complaints.lock().unwrap().push(format!("{:?}", entry.params)),
            Event::NetworkRequestWillBeSent(sent) => requests.lock().unwrap().push(sent.params.request.url.clone()),
            _ => {}
        };
        self.tab.add_event_listener(Arc::new(heard)).unwrap();
    }

    /// Opens a file, and waits until it is loaded.
    pub(crate) fn open(&self, page: &Path) {
        self.tab.set_default_timeout(Duration::from_mins(1));
        self.tab.navigate_to(&format!("file://{}", page.display())).unwrap().wait_until_navigated().unwrap();
        self.settle();
    }

    /// Waits until the visible plots are drawn.
    fn settle(&self) {
        let turns = "new Promise((done) => { let left = 8; const turn = () => (left-- ? requestAnimationFrame(turn) : \
                     setTimeout(() => done(0), 100)); turn(); })";
        self.tab.evaluate(turns, true).unwrap();
    }

    fn value(&self, expression: &str) -> Value {
        let found = self.tab.evaluate(&format!("JSON.stringify({expression})"), true);
        let found = found.unwrap_or_else(|error| panic!("{expression}: {error}"));
        let text = found.value.unwrap_or_else(|| panic!("{expression} is {:?}", found.description));
        serde_json::from_str(text.as_str().unwrap()).unwrap()
    }

    /// Runs a statement, and waits until its plots are drawn.
    pub(crate) fn run(&self, statement: &str) {
        self.value(&format!("(() => {{ {statement}; return 0; }})()"));
        self.settle();
    }

    pub(crate) fn number(&self, expression: &str) -> f64 {
        self.value(expression).as_f64().unwrap_or_else(|| panic!("{expression} is not a number"))
    }

    pub(crate) fn numbers(&self, expression: &str) -> Vec<f64> {
        self.value(expression).as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
    }

    pub(crate) fn text(&self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_else(|| panic!("{expression} is not a string")).to_owned()
    }

    pub(crate) fn list(&self, expression: &str) -> Vec<String> {
        self.value(expression).as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    }

    /// Scrolls to an element, opens it, and draws all of its plots.
    pub(crate) fn show(&self, id: &str) {
        self.run(&format!(
            "const one = document.getElementById('{id}'); if (one.tagName === 'DETAILS') one.open = true; \
             one.scrollIntoView(); all('.plot', one).filter((plot) => plot.offsetParent).forEach((plot) => {{ \
             sight.unobserve(plot); draw(plot); }})"
        ));
    }

    pub(crate) fn press(&self, key: &str) {
        self.tab.press_key(key).unwrap();
        self.settle();
    }

    /// Returns console messages and errors of the page.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.complaints.lock().unwrap().clone()
    }

    /// Returns the addresses of all requests, except inline data.
    pub(crate) fn requests(&self) -> Vec<String> {
        let all = self.requests.lock().unwrap();
        all.iter().filter(|url| !url.starts_with("data:")).cloned().collect()
    }

    pub(crate) fn address(&self) -> String {
        self.tab.get_url()
    }

    pub(crate) fn print_media(&self) {
        self.tab.call_method(self.look.media("print")).unwrap();
        self.settle();
    }

    pub(crate) fn pdf(&self) -> Vec<u8> {
        self.tab.print_to_pdf(None).unwrap()
    }

    /// Saves a screenshot of the element if `HEADSTART_SCREENSHOTS` names a folder.
    pub(crate) fn keep_picture(&self, id: &str) {
        let Some(folder) = std::env::var_os("HEADSTART_SCREENSHOTS") else { return };
        let of = format!("document.getElementById('{id}')");
        let height = self.number(&format!("{of}.getBoundingClientRect().height")) as u32;
        self.tab.call_method(self.look.size(height.clamp(Look::HEIGHT, 5000) + 100)).unwrap();
        self.run(&format!("{of}.scrollIntoView()"));
        let png = self.tab.capture_screenshot(Page::CaptureScreenshotFormatOption::Png, None, None, true).unwrap();
        let (width, scheme) = (self.look.width, if self.look.dark { "dark" } else { "light" });
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{width}-{scheme}-{id}.png")), png).unwrap();
        self.tab.call_method(self.look.size(Look::HEIGHT)).unwrap();
    }
}
