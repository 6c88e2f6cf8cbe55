//! Runs one script for many entities in one round trip.

use redis::{ErrorKind, RedisResult, Script, ScriptInvocation, ServerErrorKind, Value, pipe};

use super::Cache;

impl Cache {
    /// Runs `script` for each invocation. The outer error is that of the connection, before which
    /// any of the effects may have been made; the inner ones are each script's own.
    pub(super) async fn run_all(
        &self,
        script: &Script,
        invocations: &[ScriptInvocation<'_>],
    ) -> RedisResult<Vec<RedisResult<Value>>> {
        // The client refuses an empty pipeline, and a batch of nothing but poison makes one.
        if invocations.is_empty() {
            return Ok(Vec::new());
        }
        let mut results = self.send(invocations).await?;
        let unloaded: Vec<usize> =
            (0..results.len()).filter(|&index| is_unloaded(&results[index])).collect();
        if unloaded.is_empty() {
            return Ok(results);
        }
        // A server that has been restarted or flushed has forgotten the script. What had run by then
        // is not run again: it would find its own effect and tell that instead.
        script.load_async(&mut self.connection.clone()).await?;
        let again = self.send(unloaded.iter().map(|&index| &invocations[index])).await?;
        for (index, result) in unloaded.into_iter().zip(again) {
            results[index] = result;
        }
        Ok(results)
    }

    async fn send<'a>(
        &self,
        invocations: impl IntoIterator<Item = &'a ScriptInvocation<'a>>,
    ) -> RedisResult<Vec<RedisResult<Value>>> {
        let mut pipeline = pipe();
        pipeline.ignore_errors();
        for invocation in invocations {
            pipeline.invoke_script(invocation);
        }
        pipeline.query_async(&mut self.connection.clone()).await
    }
}

fn is_unloaded(result: &RedisResult<Value>) -> bool {
    matches!(result, Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript))
}

#[cfg(test)]
mod tests {
    use catalog_core::contract::redis_entry::RELEASE;
    use devstack::TestStack;
    use redis::AsyncCommands as _;

    use super::*;

    #[tokio::test]
    async fn what_has_run_already_is_not_run_again() {
        let here = TestStack::shared().unwrap().isolated().await.unwrap();
        let settings =
            serde_json::json!({ "url": here.redis_url, "key_prefix": here.redis_prefix });
        let cache = Cache::new(&serde_json::from_value(settings).unwrap()).unwrap();
        let mut connection = cache.connection.clone();
        let lease = format!("{}:lease", here.redis_prefix);
        let () = connection.set(&lease, "token").await.unwrap();

        // As if a server had forgotten its scripts between the two.
        let loaded = Script::new(RELEASE);
        loaded.load_async(&mut connection).await.unwrap();
        let unknown = Script::new(&format!("return 7 -- {lease}"));
        let mut release = loaded.key("body");
        release.key("floor").key(&lease).arg("token");
        let results = cache.run_all(&unknown, &[release, unknown.prepare_invoke()]).await.unwrap();
        let results: Vec<_> = results.into_iter().map(Result::unwrap).collect();
        assert_eq!(results, [Value::Int(1), Value::Int(7)]);
    }
}
