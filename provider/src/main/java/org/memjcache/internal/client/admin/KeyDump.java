// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Consumer;
import org.memjcache.internal.client.command.ErrorLine;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.client.command.ResponseLines;
import org.memjcache.internal.client.connection.RequestFailures;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * Walks over all items of a server with {@code lru_crawler metadump hash} ({@code protocol.txt},
 * "LRU Crawler"): along its hash table, from end to end.
 *
 * <p>The older {@code metadump all} goes along the lists that memcached keeps by age, and overlooks
 * items that are moved from list to list meanwhile: one that was just read, most of the time. It is
 * for servers before 1.6.9, and for one that lists nothing because its hash table is growing.
 *
 * <p>A server does one dump at a time and answers {@code BUSY} to others. {@link KeyDumpParser}
 * reads what it lists.
 *
 * <p>A proxy has no keys to list. It says so by an error, or only by closing the connection: what
 * lets each of several connections in, and closes it over this command, is there, but refuses.
 */
public final class KeyDump {

  private static final String BY_HASH = "lru_crawler metadump hash";
  private static final String BY_AGE = "lru_crawler metadump all";
  private static final String NO_SUCH_DUMP = "BADCLASS";
  private static final Duration BUSY_PAUSE = Duration.ofMillis(50);

  /**
   * A server that goes away may close one connection after it was asked, or two, but not this many.
   */
  private static final int CLOSED_OVER_IT = 3;

  private static final String NOT_LISTED =
      "its keys can't be listed: that takes memcached 1.4.31 or later, and a proxy doesn't pass the"
          + " command on. Name the memcached servers themselves in the list, or do without"
          + " iterators, and without a writer, a listener or statistics where removeAll() is"
          + " called";

  /** How long a server may be busy with somebody else's dump, if not told otherwise. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How long one dump may take: of a hundred million keys, memcached needs a minute or two. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** The crawler pauses now and then; below this its silence means nothing. */
  private static final Duration LEAST_SILENCE = Duration.ofSeconds(5);

  private final AdminConnections connections;
  private final ServerAddress server;
  private final Duration patience;
  private final Duration longest;

  /**
   * Creates a dump.
   *
   * @param patience how long to go on asking while the server is busy with another dump
   */
  public KeyDump(AdminConnections connections, ServerAddress server, Duration patience) {
    this(connections, server, patience, LONGEST);
  }

  /**
   * Creates a dump.
   *
   * @param patience how long to go on asking while the server is busy with another dump
   * @param longest how long a server may go on listing keys
   */
  public KeyDump(
      AdminConnections connections, ServerAddress server, Duration patience, Duration longest) {
    this.longest = longest;
    this.connections = connections;
    this.server = server;
    this.patience = patience;
  }

  /**
   * Passes all items whose keys start with the prefix to the consumer, as they come in.
   *
   * @throws RequestFailedException if the server can't be reached, is silent, refuses dumps, or
   *     stays busy with another one
   */
  public void run(String prefix, Consumer<DumpedItem> items) {
    long start = System.nanoTime();
    try {
      for (int closed = 0; closed < CLOSED_OVER_IT; closed++) {
        if (isAnswered(start, prefix, items)) {
          return;
        }
      }
    } catch (IOException e) {
      throw connections.failure(server, "Dumping the keys", start, e);
    }
    throw refusal(
        "closed " + CLOSED_OVER_IT + " connections, one after another, in answer",
        BY_HASH,
        NOT_LISTED,
        start);
  }

  /** Makes the dumps; returns false if the server closed the connection in answer. */
  private boolean isAnswered(long start, String prefix, Consumer<DumpedItem> items)
      throws IOException {
    Duration operationTimeout = connections.settings().operationTimeout();
    Duration silence =
        operationTimeout.compareTo(LEAST_SILENCE) > 0 ? operationTimeout : LEAST_SILENCE;
    try (AdminConnections.SideConnection connection = connections.open(server, silence, longest)) {
      try {
        if (!dump(connection, BY_HASH, start, prefix, items)) {
          dump(connection, BY_AGE, start, prefix, items);
        }
        return true;
      } catch (IOException e) {
        if (connection.isAnswered()
            || e instanceof SocketTimeoutException
            || connections.isClosed()
            || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        return false;
      }
    }
  }

  /** Makes one dump; returns whether there was any key at all. */
  private boolean dump(
      AdminConnections.SideConnection connection,
      String command,
      long start,
      String prefix,
      Consumer<DumpedItem> items)
      throws IOException {
    KeyDumpParser dumped = new KeyDumpParser(connection::readLine, prefix, items);
    String line = dumped.read(firstLine(connection, command, start));
    boolean unknown = line.startsWith(NO_SUCH_DUMP) && command.equals(BY_HASH);
    if (!line.equals("END") && !line.startsWith("NOTSTARTED") && !unknown) {
      throw errorLine(command, line, start);
    }
    return dumped.any();
  }

  /** Asks for a dump until the server is not busy with another one. */
  private String firstLine(AdminConnections.SideConnection connection, String command, long start)
      throws IOException {
    while (true) {
      connection.send(command);
      String line = connection.readLine();
      if (!line.startsWith("BUSY") && !line.startsWith("ERROR locked")) {
        return line;
      }
      if (waited(start).compareTo(patience) >= 0) {
        throw new RequestFailedException(
            Kind.REFUSED_COMMAND,
            waited(start),
            "memcached "
                + server
                + " has been busy with other key dumps for "
                + RequestFailures.millis(waited(start))
                + ", it does one at a time: "
                + ResponseLines.printable(line),
            null);
      }
      try {
        Thread.sleep(BUSY_PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw RequestFailures.interrupted(server, waited(start), false);
      }
    }
  }

  private RequestFailedException errorLine(String command, String line, long start) {
    if (ErrorLine.meansAway(line)) {
      return RequestFailures.refused(server, waited(start), line);
    }
    String remedy;
    if (line.startsWith("ERROR metadump not allowed")) {
      remedy = "its keys can be dumped only if it is started without the option -X";
    } else if (line.startsWith("CLIENT_ERROR lru crawler disabled")) {
      remedy = "its keys can be dumped only if it is started without -o no_lru_crawler";
    } else if (ErrorLine.is(line)) {
      remedy = NOT_LISTED;
    } else {
      return new RequestFailedException(
          Kind.PROTOCOL,
          waited(start),
          "While dumping the keys of memcached "
              + server
              + ", unexpected response: "
              + ResponseLines.printable(line),
          null);
    }
    return refusal("answered '" + ResponseLines.printable(line) + "'", command, remedy, start);
  }

  private RequestFailedException refusal(String what, String command, String remedy, long start) {
    return new RequestFailedException(
        Kind.REFUSED_COMMAND,
        waited(start),
        "memcached " + server + " " + what + " to '" + command + "': " + remedy,
        null);
  }

  private static Duration waited(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
