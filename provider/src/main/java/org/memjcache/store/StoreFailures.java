package org.memjcache.store;

import java.time.Duration;
import org.memjcache.store.StoreException.Kind;

/** Words for failures. Every message names the server, what happened and what it means. */
final class StoreFailures {

  private static final String UNKNOWN = "; whether the request was carried out is unknown";
  private static final String UNSENT = "; the request was not sent";

  private StoreFailures() {}

  static StoreException interrupted(ServerAddress server, Duration waited, boolean sent) {
    return new StoreException(
        Kind.INTERRUPTED,
        server,
        waited,
        "Interrupted after "
            + millis(waited)
            + " while waiting for memcached "
            + server
            + (sent ? UNKNOWN : UNSENT),
        null,
        !sent);
  }

  static StoreException timedOut(ServerAddress server, Duration waited, boolean neverSent) {
    return new StoreException(
        Kind.TIMEOUT,
        server,
        waited,
        "No answer from memcached "
            + server
            + " within "
            + millis(waited)
            + (neverSent ? UNSENT : UNKNOWN),
        null,
        neverSent);
  }

  static StoreException lost(ServerAddress server, Duration waited, Loss loss, boolean neverSent) {
    return new StoreException(
        loss.kind(),
        server,
        waited,
        "The connection to memcached "
            + server
            + " was closed after "
            + millis(waited)
            + " of waiting for an answer: "
            + loss.reason()
            + (neverSent ? UNSENT : UNKNOWN),
        loss.cause(),
        neverSent);
  }

  static StoreException refused(ServerAddress server, String line) {
    return new StoreException(
        Kind.REFUSED_COMMAND,
        server,
        Duration.ZERO,
        "memcached " + server + " answered with an error: " + line,
        null);
  }

  static StoreException refusedAccess(
      ServerAddress server, Duration waited, RefusedAccessException cause) {
    return new StoreException(
        Kind.REFUSED_ACCESS,
        server,
        waited,
        "memcached " + server + " refuses access: " + cause.getMessage() + UNSENT,
        cause);
  }

  static StoreException noDumpInBinary(ServerAddress server) {
    return new StoreException(
        Kind.REFUSED_COMMAND,
        server,
        Duration.ZERO,
        "The keys of memcached "
            + server
            + " can't be listed: the binary protocol (option protocol=binary) has no command for"
            + " it. Use protocol=text, for access by password with memcached's option -Y in place"
            + " of -S",
        null);
  }

  static StoreException closed(ServerAddress server) {
    return new StoreException(
        Kind.CLOSED,
        server,
        Duration.ZERO,
        "The client of memcached " + server + " has been closed" + UNSENT,
        null,
        true);
  }

  static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }
}
