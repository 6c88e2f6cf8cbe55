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
        let results = self.send(invocations).await?;
        if !results.iter().any(is_unloaded) {
            return Ok(results);
        }
        // A server that has been restarted or flushed has forgotten the script.
        script.load_async(&mut self.connection.clone()).await?;
        self.send(invocations).await
    }

    async fn send(
        &self,
        invocations: &[ScriptInvocation<'_>],
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
