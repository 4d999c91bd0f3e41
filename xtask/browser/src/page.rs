//! One page in a browser.

use std::path::Path;

use serde_json::{Value, json};

use crate::{Browser, BrowserError, Key, Screen, audit, base64};

/// A loaded page, which is closed with this value.
#[derive(Debug)]
pub struct Page<'b> {
    browser: &'b mut Browser,
    target: String,
    session: String,
    errors: Vec<String>,
    requests: Vec<String>,
}

impl<'b> Page<'b> {
    pub(crate) fn open(
        browser: &'b mut Browser,
        url: &str,
        screen: &Screen,
    ) -> Result<Page<'b>, BrowserError> {
        let made = browser
            .pipe
            .call(None, "Target.createTarget", json!({"url": "about:blank"}))?;
        let target = text(&made["targetId"]);
        let params = json!({"targetId": target, "flatten": true});
        let attached = browser.pipe.call(None, "Target.attachToTarget", params)?;
        let mut page = Page {
            browser,
            target,
            session: text(&attached["sessionId"]),
            errors: Vec::new(),
            requests: Vec::new(),
        };
        for domain in ["Page", "Runtime", "Network", "Log"] {
            page.call(&format!("{domain}.enable"), json!({}))?;
        }
        page.show_on(screen)?;
        let gone = page.call("Page.navigate", json!({"url": url}))?;
        if let Some(why) = gone["errorText"].as_str() {
            return Err(BrowserError::Refused {
                method: format!("to open {url}"),
                message: why.to_owned(),
            });
        }
        page.wait_for("Page.loadEventFired")?;
        Ok(page)
    }

    /// Shows the page on another screen.
    ///
    /// # Errors
    ///
    /// When the browser refuses.
    pub fn show_on(&mut self, screen: &Screen) -> Result<(), BrowserError> {
        let size = json!({
            "width": screen.width, "height": screen.height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.call("Emulation.setDeviceMetricsOverride", size)?;
        let media = json!({
            "media": if screen.print { "print" } else { "" },
            "features": [
                {"name": "prefers-color-scheme", "value": if screen.dark { "dark" } else { "light" }},
                {"name": "prefers-reduced-motion",
                 "value": if screen.calm { "reduce" } else { "no-preference" }},
            ],
        });
        self.call("Emulation.setEmulatedMedia", media)?;
        Ok(())
    }

    /// The value of a JavaScript expression; a promise is waited for.
    ///
    /// # Errors
    ///
    /// When the script throws.
    pub fn evaluate(&mut self, script: &str) -> Result<Value, BrowserError> {
        let params = json!({"expression": script, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", params)?;
        let thrown = &answer["exceptionDetails"];
        if thrown.is_null() {
            return Ok(answer["result"]["value"].clone());
        }
        let message = thrown["exception"]["description"].as_str();
        Err(BrowserError::Script {
            message: message.unwrap_or("something was thrown").to_owned(),
        })
    }

    /// The text of the first element that the selector finds, with single spaces.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn text(&mut self, selector: &str) -> Result<String, BrowserError> {
        let script = format!(
            "document.querySelector({})?.textContent.replace(/\\s+/g, ' ').trim()",
            json!(selector)
        );
        let found = self.evaluate(&script)?;
        let missing = || BrowserError::NoElement {
            selector: selector.to_owned(),
        };
        found.as_str().map(str::to_owned).ok_or_else(missing)
    }

    /// Presses and releases a key.
    ///
    /// # Errors
    ///
    /// When the browser refuses.
    pub fn press(&mut self, key: Key) -> Result<(), BrowserError> {
        for kind in ["keyDown", "keyUp"] {
            let mut event = key.event();
            event["type"] = json!(kind);
            self.call("Input.dispatchKeyEvent", event)?;
        }
        Ok(())
    }

    /// Clicks in the middle of the first visible element that the selector finds.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn click(&mut self, selector: &str) -> Result<(), BrowserError> {
        let script = format!(
            "(() => {{ const it = document.querySelector({}); if (!it) return null;
               it.scrollIntoView({{block: 'center', behavior: 'instant'}});
               const box = it.getBoundingClientRect();
               return box.width && box.height
                 ? [box.x + box.width / 2, box.y + box.height / 2] : null; }})()",
            json!(selector)
        );
        let place = self.evaluate(&script)?;
        if place.is_null() {
            return Err(BrowserError::NoElement {
                selector: selector.to_owned(),
            });
        }
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1,
            });
            self.call("Input.dispatchMouseEvent", event)?;
        }
        Ok(())
    }

    /// What the console and the browser's log complained of since the page was opened.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub fn errors(&mut self) -> Result<Vec<String>, BrowserError> {
        self.settle()?;
        Ok(self.errors.clone())
    }

    /// The addresses that the page asked for besides its own, those inside it (`data:`) excepted.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub fn requests(&mut self) -> Result<Vec<String>, BrowserError> {
        self.settle()?;
        Ok(self.requests.clone())
    }

    /// By how many pixels the page is wider than the screen.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub fn overflow(&mut self) -> Result<i64, BrowserError> {
        let found = self.evaluate(audit::OVERFLOW)?;
        Ok(found.as_i64().unwrap_or(i64::MAX))
    }

    /// The visible texts whose contrast with what is behind them is below 4.5, each with its figure.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub fn faint_texts(&mut self) -> Result<Vec<String>, BrowserError> {
        let found = self.evaluate(audit::CONTRAST)?;
        let texts = found.as_array().cloned().unwrap_or_default();
        Ok(texts.iter().map(text).collect())
    }

    /// Writes a picture of the whole page as a PNG file.
    ///
    /// # Errors
    ///
    /// When the browser refuses, or the file cannot be written.
    pub fn screenshot(&mut self, file: &Path) -> Result<(), BrowserError> {
        self.settle()?;
        let params = json!({"format": "png", "captureBeyondViewport": true});
        let taken = self.call("Page.captureScreenshot", params)?;
        let picture = base64::decode(taken["data"].as_str().unwrap_or_default());
        std::fs::write(file, picture).map_err(BrowserError::broken("photographed"))
    }

    fn call(&mut self, method: &str, params: Value) -> Result<Value, BrowserError> {
        self.browser.pipe.call(Some(&self.session), method, params)
    }

    fn wait_for(&mut self, method: &str) -> Result<(), BrowserError> {
        loop {
            let event = self.browser.pipe.event(method)?;
            let found = event["method"] == method && event["sessionId"] == *self.session;
            self.note(&event);
            if found {
                return Ok(());
            }
        }
    }

    /// Waits until the page has drawn what it was told, and takes in what came meanwhile.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub fn settle(&mut self) -> Result<(), BrowserError> {
        self.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")?;
        for event in self.browser.pipe.events() {
            self.note(&event);
        }
        Ok(())
    }

    fn note(&mut self, event: &Value) {
        if event["sessionId"] != *self.session {
            return;
        }
        let params = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" => {
                let details = &params["exceptionDetails"];
                let told = details["exception"]["description"].as_str();
                self.errors
                    .push(told.map_or_else(|| details.to_string(), str::to_owned));
            }
            "Runtime.consoleAPICalled" => {
                let kind = params["type"].as_str().unwrap_or_default();
                if ["error", "warning", "assert"].contains(&kind) {
                    self.errors
                        .push(format!("console.{kind}: {}", params["args"]));
                }
            }
            "Log.entryAdded" => {
                let entry = &params["entry"];
                if ["error", "warning"].contains(&entry["level"].as_str().unwrap_or_default()) {
                    self.errors
                        .push(format!("{}: {}", text(&entry["text"]), text(&entry["url"])));
                }
            }
            "Network.requestWillBeSent" => {
                let url = text(&params["request"]["url"]);
                let own = params["type"] == "Document";
                if !own && !url.starts_with("data:") {
                    self.requests.push(url);
                }
            }
            _ => {}
        }
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        let params = json!({"targetId": self.target});
        // A browser that has gone has no page any more.
        let _ = self.browser.pipe.call(None, "Target.closeTarget", params);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
