package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.RequestFailedException;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.metrics.RequestMetrics;

/**
 * One round trip in a namespace: the caller's requests for items, made under certain versions, and
 * the reads of the versions themselves, all sent before any answer is awaited. The versions aren't
 * read if the {@link ConsistencyPolicy} say that they are fresh enough.
 *
 * <p>On each server the versions are read before anything is written. So a clear that the attempt
 * doesn't notice came after the versions were read, and what the attempt did counts as done before
 * that clear.
 *
 * <p>If a server is away and the rules are to miss, what it holds is as if it weren't there, and
 * what was to be written is lost: {@link #isLost} tells, and the namespace remembers that it owes a
 * clear. If it is the server of a version, this goes for everything.
 *
 * <p>One use, by one thread.
 */
public final class VersionedBatch {

  /** Keys in one command. More make one long line that memcached has to hold in memory. */
  private static final int KEYS_PER_COMMAND = 500;

  private final Namespace namespace;
  private final Versions versions;
  private final String operation;
  private final @Nullable ServerReads[] reads;
  private final List<Write> writes = new ArrayList<>(1);
  private final Read @Nullable [] versionReads;
  private final int tries;
  private MissReason reason;
  private int expected;
  private boolean withTokens;
  private boolean away;
  private boolean partlyAway;

  VersionedBatch(
      Namespace namespace, Versions versions, String operation, MissReason reason, int tries) {
    this.namespace = namespace;
    this.versions = versions;
    this.operation = operation;
    this.reason = reason;
    this.tries = tries;
    this.reads = new ServerReads[namespace.cluster().servers().size()];
    this.versionReads = namespace.isFreshEnough(versions) ? null : versionReads();
  }

  private Read[] versionReads() {
    Read[] ofLevels = new Read[namespace.depth()];
    for (int i = 0; i < ofLevels.length; i++) {
      Level level = namespace.level(i);
      ofLevels[i] = on(level.server()).add(level.versionKey());
    }
    return ofLevels;
  }

  /**
   * Returns the versions that this attempt is made under.
   *
   * @return the versions
   */
  public Versions versions() {
    return versions;
  }

  /**
   * Returns the beginning of all item keys in this attempt.
   *
   * @return the prefix
   */
  public KeyPrefix prefix() {
    return versions.prefix();
  }

  /**
   * Asks for the cas token of each item that is read, too.
   *
   * @return this
   */
  public VersionedBatch withTokens() {
    withTokens = true;
    return this;
  }

  /**
   * Says how many items are about to be read, to make room for them at once.
   *
   * @param items how many
   * @return this
   */
  public VersionedBatch expecting(int items) {
    expected = items / reads.length;
    for (ServerReads ofServer : reads) {
      if (ofServer != null) {
        ofServer.first.makeRoom(expected);
      }
    }
    return this;
  }

  /**
   * Adds the reading of an item.
   *
   * @param itemKey the item's key
   * @return where the item is to be found after the round trip
   */
  public Read read(String itemKey) {
    return on(namespace.cluster().serverOf(itemKey)).add(itemKey);
  }

  /**
   * Adds a request that writes or removes the item with this key.
   *
   * @param itemKey the key
   * @param request what to do
   * @param matters whether an older value would be wrong, if the request is lost
   * @param <R> the kind of request
   * @return the request
   */
  public <R extends Request> R write(String itemKey, R request, boolean matters) {
    writes.add(new Write(namespace.cluster().serverOf(itemKey), request, matters));
    return request;
  }

  /**
   * Makes the round trip.
   *
   * @return true if the versions held, so that the answers count; false if a level was cleared or
   *     its version lost. Then nothing that was read counts, what was written is out of reach, and
   *     the namespace knows the new versions
   * @throws javax.cache.CacheException if a server doesn't answer in time, names server and
   *     operation
   */
  public boolean run() {
    if (!versions.areKnown()) {
      return goWithout();
    }
    if (!namespace.isNewest(versions)) {
      reason = MissReason.CLEARED; // and a server that says otherwise came back with old memory
      return false;
    }
    long askedAt = System.nanoTime();
    try {
      send();
      return hold(askedAt);
    } catch (RequestFailedException e) {
      namespace.traffic().failed(e);
      if (!namespace.toleratesAway(e)) {
        throw namespace.failure(operation, e);
      }
      return goWithoutServer(askedAt);
    }
  }

  /**
   * Begins a round trip after this one, whose versions didn't hold, under the new versions.
   *
   * @return the next attempt, to which reads and writes are added again
   * @throws javax.cache.CacheException if this has happened {@value RetryLimit#MOST} times already
   */
  public VersionedBatch again() {
    return namespace.attempt(
        operation, reason, RetryLimit.checked(tries + 1, operation, namespace));
  }

  private void send() {
    RoundTrip trip = namespace.cluster().newTrip();
    for (int server = 0; server < reads.length; server++) {
      ServerReads ofServer = reads[server];
      if (ofServer != null) {
        ofServer.addTo(trip, server, withTokens);
      }
    }
    for (Write write : writes) {
      trip.add(write.server, write.request);
    }
    RequestMetrics traffic = namespace.traffic();
    traffic.roundTrip();
    trip.run();
    if (traffic.isEnabled()) {
      traffic.moved(bytesRead(), bytesWritten());
    }
  }

  private long bytesRead() {
    long bytes = 0;
    for (ServerReads ofServer : reads) {
      bytes += ofServer == null ? 0 : ofServer.bytes();
    }
    if (versionReads != null) {
      for (Read version : versionReads) {
        bytes -= size(version.item());
      }
    }
    return bytes;
  }

  private long bytesWritten() {
    long bytes = 0;
    for (Write write : writes) {
      bytes += write.request instanceof StoreRequest storage ? storage.size() : 0;
    }
    return bytes;
  }

  private static int size(@Nullable Item item) {
    return item == null ? 0 : item.data().length;
  }

  /** Returns whether all versions are as expected; if they aren't, makes them known. */
  private boolean hold(long askedAt) {
    if (versionReads == null) {
      return true;
    }
    boolean held = true;
    for (int i = 0; i < versionReads.length; i++) {
      MissReason moved = namespace.moved(i, versions.number(i), versionReads[i].item(), askedAt);
      if (moved != null) {
        reason = moved;
        held = false;
      }
    }
    if (!held) {
      namespace.traffic().versionChanged();
    }
    return held;
  }

  /** Goes on with what the other servers answered, if all versions are among it. */
  private boolean goWithoutServer(long askedAt) {
    partlyAway = true;
    if (versionReads != null) {
      for (Read read : versionReads) {
        if (read.isLost()) {
          return goWithout();
        }
      }
    }
    try {
      if (!hold(askedAt)) {
        return false;
      }
    } catch (RequestFailedException e) {
      if (!namespace.toleratesAway(e)) {
        throw namespace.failure(operation, e);
      }
      return goWithout();
    }
    remember();
    return true;
  }

  /** Finds nothing and writes nothing, because a version can't be read. */
  private boolean goWithout() {
    away = true;
    remember();
    return true;
  }

  private void remember() {
    for (Write write : writes) {
      if (isLost(write.request) && (write.matters || mayComeLate(write.request))) {
        namespace.owe();
        return;
      }
    }
  }

  /** What comes late may take the place of what was removed meanwhile. */
  private static boolean mayComeLate(Request request) {
    RequestFailedException failure = request.failure();
    return failure != null
        && !failure.isUnsent()
        && request instanceof StoreRequest storage
        && !storage.isConditional();
  }

  /**
   * Returns true if a request was not answered because its server is away.
   *
   * @param request one of the requests of this attempt
   * @return true if nobody knows whether it was carried out, or it surely was not
   */
  public boolean isLost(Request request) {
    return away || (partlyAway && request.failure() != null);
  }

  /**
   * Returns why an item that was read isn't there.
   *
   * @param read what was asked for
   * @return the reason
   */
  public MissReason whyMissing(Read read) {
    return isAway(read) ? MissReason.SERVER_AWAY : reason;
  }

  /**
   * Returns an item that was read, null if there is none to be had.
   *
   * @param read what was asked for
   * @return the item, or null
   */
  public @Nullable Item item(Read read) {
    return isAway(read) ? null : read.item();
  }

  private boolean isAway(Read read) {
    return away || (partlyAway && read.isLost());
  }

  private ServerReads on(int server) {
    ServerReads ofServer = reads[server];
    if (ofServer == null) {
      ofServer = new ServerReads();
      ofServer.first.makeRoom(expected);
      reads[server] = ofServer;
    }
    return ofServer;
  }

  /** One item that an attempt reads. */
  public static final class Read {
    private final Command command;
    private final int index;

    private Read(Command command, int index) {
      this.command = command;
      this.index = index;
    }

    private @Nullable Item item() {
      return command.sent().item(index);
    }

    private boolean isLost() {
      return command.sent().failure() != null;
    }
  }

  private record Write(int server, Request request, boolean matters) {}

  /** What is read from one server: one command, or several if there are many keys. */
  private static final class ServerReads {
    private final Command first = new Command();
    private @Nullable List<Command> more;
    private Command last = first;

    Read add(String key) {
      if (last.keys.size() == KEYS_PER_COMMAND) {
        if (more == null) {
          more = new ArrayList<>();
        }
        last = new Command();
        more.add(last);
      }
      last.keys.add(key);
      return new Read(last, last.keys.size() - 1);
    }

    long bytes() {
      long bytes = first.bytes();
      if (more != null) {
        for (Command command : more) {
          bytes += command.bytes();
        }
      }
      return bytes;
    }

    void addTo(RoundTrip trip, int server, boolean withTokens) {
      first.addTo(trip, server, withTokens);
      if (more != null) {
        for (Command command : more) {
          command.addTo(trip, server, withTokens);
        }
      }
    }
  }

  private static final class Command {
    private final ArrayList<String> keys = new ArrayList<>(4);
    private @Nullable GetRequest retrieval;

    void makeRoom(int expected) {
      keys.ensureCapacity(Math.min(KEYS_PER_COMMAND, keys.size() + expected));
    }

    void addTo(RoundTrip trip, int server, boolean withTokens) {
      retrieval = new GetRequest(keys, withTokens);
      trip.add(server, retrieval);
    }

    long bytes() {
      long bytes = 0;
      for (int i = 0; i < keys.size(); i++) {
        bytes += size(sent().item(i));
      }
      return bytes;
    }

    GetRequest sent() {
      if (retrieval == null) {
        throw new IllegalStateException("not sent yet");
      }
      return retrieval;
    }
  }
}
