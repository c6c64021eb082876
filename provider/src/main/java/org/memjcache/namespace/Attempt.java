package org.memjcache.namespace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.codec.KeyPrefix;
import org.memjcache.store.Item;
import org.memjcache.store.Request;
import org.memjcache.store.Retrieval;
import org.memjcache.store.StoreException;
import org.memjcache.store.Trip;

/**
 * One round trip in a namespace: the caller's requests for items, made under certain versions, and
 * the reads of the versions themselves, all sent before any answer is awaited.
 *
 * <p>On each server the versions are read before anything is written. So a clear that the attempt
 * doesn't notice came after the versions were read, and what the attempt did counts as done before
 * that clear.
 *
 * <p>One use, by one thread.
 */
public final class Attempt {

  /** Keys in one command. More make one long line that memcached has to hold in memory. */
  private static final int KEYS_PER_COMMAND = 500;

  private final Namespace namespace;
  private final Versions versions;
  private final String operation;
  private final @Nullable ServerReads[] reads;
  private final List<Write> writes = new ArrayList<>(1);
  private final Read[] versionReads;
  private boolean withTokens;

  Attempt(Namespace namespace, Versions versions, String operation) {
    this.namespace = namespace;
    this.versions = versions;
    this.operation = operation;
    this.reads = new ServerReads[namespace.cluster().servers().size()];
    this.versionReads = new Read[namespace.depth()];
    for (int i = 0; i < versionReads.length; i++) {
      Level level = namespace.level(i);
      versionReads[i] = on(level.server()).add(level.versionKey());
    }
  }

  /** Returns the versions that this attempt is made under. */
  public Versions versions() {
    return versions;
  }

  /** Returns the beginning of all item keys in this attempt. */
  public KeyPrefix prefix() {
    return versions.prefix();
  }

  /** Asks for the cas token of each item that is read, too. */
  public Attempt withTokens() {
    withTokens = true;
    return this;
  }

  /** Adds the reading of an item. */
  public Read read(String itemKey) {
    return on(namespace.cluster().serverOf(itemKey)).add(itemKey);
  }

  /** Adds a request that writes or removes the item with this key. */
  public <R extends Request> R write(String itemKey, R request) {
    writes.add(new Write(namespace.cluster().serverOf(itemKey), request));
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
    try {
      Trip trip = namespace.cluster().newTrip();
      for (int server = 0; server < reads.length; server++) {
        ServerReads ofServer = reads[server];
        if (ofServer != null) {
          ofServer.addTo(trip, server, withTokens);
        }
      }
      for (Write write : writes) {
        trip.add(write.server, write.request);
      }
      trip.run();
      boolean held = true;
      for (int i = 0; i < versionReads.length; i++) {
        held &= namespace.held(i, versions.number(i), versionReads[i].item());
      }
      return held;
    } catch (StoreException e) {
      throw namespace.failure(operation, e);
    }
  }

  private ServerReads on(int server) {
    ServerReads ofServer = reads[server];
    if (ofServer == null) {
      ofServer = new ServerReads();
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

    /** Returns the item, null if there was none. Only after {@link Attempt#run()}. */
    public @Nullable Item item() {
      Retrieval retrieval = command.retrieval;
      if (retrieval == null) {
        throw new IllegalStateException("not sent yet");
      }
      return retrieval.item(index);
    }
  }

  private record Write(int server, Request request) {}

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

    void addTo(Trip trip, int server, boolean withTokens) {
      first.addTo(trip, server, withTokens);
      if (more != null) {
        for (Command command : more) {
          command.addTo(trip, server, withTokens);
        }
      }
    }
  }

  private static final class Command {
    private final List<String> keys = new ArrayList<>(4);
    private @Nullable Retrieval retrieval;

    void addTo(Trip trip, int server, boolean withTokens) {
      retrieval = new Retrieval(keys, withTokens);
      trip.add(server, retrieval);
    }
  }
}
