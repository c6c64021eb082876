package org.memjcache.internal.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.ServerBatch;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.config.value.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether two open connections lead to the same memcached: the name of a server may have
 * moved to another one since the first was opened, and the old one may still answer.
 *
 * <p>It goes by an item that each server keeps, a random text under a key that no entry and no
 * version has. Who finds none adds one. Whether it is evicted or flushed doesn't matter, since both
 * connections are asked now. Used by one thread.
 */
final class SameServer {

  private static final Logger LOG = LoggerFactory.getLogger(SameServer.class);

  private static final String KEY = "memjcache:identity";

  private static final int IDENTITY_BYTES = 16;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Protocol protocol;
  private final long deadline;

  SameServer(Protocol protocol, Duration patience) {
    this.protocol = protocol;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  /** Whether two connections lead to the same server. */
  enum Answer {
    SAME,
    ANOTHER,
    /** One of them is silent, has ended, or keeps no item. */
    UNKNOWN
  }

  Answer compare(Session older, Session newer) {
    try {
      return identity(newer).equals(read(older)) ? Answer.SAME : Answer.ANOTHER;
    } catch (IOException e) {
      LOG.debug(
          "It is not known whether two connections to {} lead to the same server: {}",
          newer.server().address(),
          e.getMessage());
      return Answer.UNKNOWN;
    }
  }

  private String identity(Session session) throws IOException {
    String known = read(session);
    if (known == null) {
      byte[] random = new byte[IDENTITY_BYTES];
      RANDOM.nextBytes(random);
      byte[] own = Base64.getUrlEncoder().withoutPadding().encode(random);
      run(session, StoreRequest.add(KEY, 0, Exptime.NEVER, own));
      known = read(session); // that of another process, if it was faster
    }
    if (known == null) {
      throw new IOException("it does not keep an item that was added just now");
    }
    return known;
  }

  private @Nullable String read(Session session) throws IOException {
    Item item = run(session, new GetRequest(List.of(KEY), false)).item(0);
    return item == null ? null : new String(item.data(), StandardCharsets.ISO_8859_1);
  }

  private <R extends Request> R run(Session session, R request) throws IOException {
    ServerBatch batch = new ServerBatch(protocol);
    request.joinTrip();
    batch.add(request);
    batch.prepare();
    session.submit(batch);
    if (!session.await(batch, deadline)) {
      batch.withdraw();
      throw new IOException("it did not answer in time when asked which server it is");
    }
    DisconnectReason loss = batch.loss();
    if (loss != null) {
      throw new IOException(loss.reason(), loss.cause());
    }
    String refusal = request.refusal();
    if (refusal != null) {
      throw new IOException("asked which server it is, it answered '" + refusal + "'");
    }
    request.complete(null);
    return request;
  }
}
