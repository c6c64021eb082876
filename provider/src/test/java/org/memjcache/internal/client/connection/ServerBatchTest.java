// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.LateResponse;
import org.memjcache.internal.config.value.Protocol;

class ServerBatchTest {

  /** A removal that is pending is remembered after the application was undeployed. */
  @Test
  void whoWaitsForALateResponse_doesNotKeepTheRequest() {
    DeleteRequest request = new DeleteRequest("key");
    WeakReference<DeleteRequest> kept = new WeakReference<>(request);
    LateResponse late = claimed(request).lateResponse(0);
    request = null;

    await("the request is collected")
        .until(
            () -> {
              System.gc();
              return kept.get() == null;
            });
    assertThat(late.state()).isEqualTo(LateResponse.State.AWAITED);
  }

  private static ServerBatch claimed(DeleteRequest request) {
    ServerBatch batch = new ServerBatch(Protocol.TEXT);
    batch.add(request);
    batch.claim();
    return batch;
  }
}
