//! A way to a server on which answers can be held up, or come late.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use reqwest::Url;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::sleep,
};

use super::eventually;

/// A way to a server. What is asked goes through; answers wait while it is shut.
pub(crate) struct Gate {
    url: String,
    shut: watch::Sender<bool>,
    delay: watch::Sender<Duration>,
    waiting: Arc<AtomicUsize>,
}

impl Gate {
    /// Before the server of this address.
    pub(crate) async fn before(url: &str) -> Self {
        let mut url = Url::parse(url).unwrap();
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let gate = Self {
            url: url.to_string(),
            shut: watch::Sender::new(false),
            delay: watch::Sender::new(Duration::ZERO),
            waiting: Arc::new(AtomicUsize::new(0)),
        };
        let (shut, delay) = (gate.shut.subscribe(), gate.delay.subscribe());
        let waiting = Arc::clone(&gate.waiting);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                let ways = (shut.clone(), delay.clone());
                tokio::spawn(pass(client, server, ways, Arc::clone(&waiting)));
            }
        });
        gate
    }

    /// The address of the way.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on answers wait.
    pub(crate) fn shut(&self) {
        self.waiting.store(0, SeqCst);
        self.shut.send_replace(true);
    }

    /// From now on each part of an answer comes so late.
    pub(crate) fn delay(&self, by: Duration) {
        self.delay.send_replace(by);
    }

    /// Until an answer waits: what was asked has been read at the server.
    pub(crate) async fn until_one_waits(&self) {
        let waits = async || (self.waiting.load(SeqCst) > 0).then_some(());
        eventually("an answer waits", waits).await;
    }

    /// Lets all go on.
    pub(crate) fn open(&self) {
        self.shut.send_replace(false);
    }
}

async fn pass(
    mut client: TcpStream,
    mut server: TcpStream,
    (mut shut, delay): (watch::Receiver<bool>, watch::Receiver<Duration>),
    waiting: Arc<AtomicUsize>,
) {
    let ((mut answers, mut asked), (mut asks, mut answered)) = (server.split(), client.split());
    let back = async {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = answers.read(&mut bytes).await {
            if *shut.borrow() {
                waiting.fetch_add(1, SeqCst);
                // The test has ended when nobody can open it any more.
                let _ = shut.wait_for(|shut| !shut).await;
            }
            let late = *delay.borrow();
            sleep(late).await;
            answered.write_all(&bytes[..count]).await?;
        }
        Ok(())
    };
    let _: Result<_, std::io::Error> =
        tokio::try_join!(back, async { copy(&mut asks, &mut asked).await });
}
