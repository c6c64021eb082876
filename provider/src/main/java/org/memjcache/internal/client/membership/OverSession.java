// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.membership;

import java.io.IOException;
import java.time.Duration;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.ServerBatch;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.config.value.Protocol;

/** Requests over one certain connection, one after the other. Used by one thread. */
final class OverSession {

  /** The server understood the request, or its protocol, and did not do it. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  private final Session session;
  private final Protocol protocol;
  private final Duration patience;

  /**
   * Takes a session.
   *
   * @param patience how long to wait for each response, since its request was sent
   */
  OverSession(Session session, Protocol protocol, Duration patience) {
    this.session = session;
    this.protocol = protocol;
    this.patience = patience;
  }

  boolean isOver(Session other) {
    return session == other;
  }

  /** Makes a request and returns it, answered. */
  <R extends Request> R run(R request) throws IOException {
    return send(request).await();
  }

  /** Sends a request, whose response is to be awaited before the next one is sent. */
  <R extends Request> Sent<R> send(R request) {
    ServerBatch batch = new ServerBatch(protocol);
    request.joinTrip();
    batch.add(request);
    batch.sendOver(session.life());
    batch.prepare();
    session.submit(batch);
    return new Sent<>(request, batch, System.nanoTime() + patience.toNanos());
  }

  /** A request whose response is still to come. */
  final class Sent<R extends Request> {

    private final R request;
    private final ServerBatch batch;
    private final long deadline;

    private Sent(R request, ServerBatch batch, long deadline) {
      this.request = request;
      this.batch = batch;
      this.deadline = deadline;
    }

    /** Returns the request, answered. */
    R await() throws IOException {
      if (!session.await(batch, deadline)) {
        session.withdraw(batch);
        throw new IOException("it did not answer in time when asked which server it is");
      }
      DisconnectReason loss = batch.loss();
      if (loss != null) {
        throw new IOException(loss.reason(), loss.cause());
      }
      String refusal = request.refusal();
      if (refusal != null) {
        throw new RefusedException("asked which server it is, it answered '" + refusal + "'");
      }
      request.complete(null);
      return request;
    }
  }
}
