// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.memjcache.NameResolver;
import org.memjcache.PingResult;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.Patience;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.config.value.DiscoverySettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.metrics.CacheMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client for one cluster, shared by all managers with the same cluster settings, and the way to
 * its namespaces. The client is closed when the last manager has released it.
 *
 * <p>What is known of versions, and which clears are pending, belongs to the process and outlives
 * this object ({@link LevelRegistry}, {@link PendingClears}).
 *
 * <p>Thread-safe. No method connects, and only {@link #release} waits.
 */
public final class SharedCluster {

  private static final Logger LOG = LoggerFactory.getLogger(SharedCluster.class);

  /** How long {@link #release} waits for the thread of pending clears to end. */
  private static final Duration THREAD_PATIENCE = Duration.ofSeconds(2);

  /** How many pending levels a message names. */
  private static final int NAMED = 10;

  /** The newest with these settings, which may be closed. Guarded by itself. */
  private static final Map<ClusterSettings, SharedCluster> IN_USE = new HashMap<>();

  /** Those that may have threads and connections. Guarded by IN_USE. */
  private static final Set<SharedCluster> UNENDED = new HashSet<>();

  private final ClusterSettings settings;
  private final Cluster cluster;
  private final LevelRegistry levels;
  private final VersionProtocol protocol;
  private final Reference reference;

  // Guarded by IN_USE, as is the map.
  private int managers;

  /** Managers, those among them that wait while they are closed, and what uses it for a moment. */
  private int users;

  private boolean closed;

  /** Whether something was thrown before it had ended. */
  private boolean failedToEnd;

  /** Creates a cluster that no manager shares, to be {@linkplain #release released} once. */
  SharedCluster(ClusterSettings settings, InstantSource clock, LevelRegistry levels) {
    this(settings, clock, levels, 1);
  }

  private SharedCluster(
      ClusterSettings settings, InstantSource clock, LevelRegistry levels, int managers) {
    this.settings = settings;
    this.levels = levels;
    this.cluster = new Cluster(settings, clock, levels::raiseFloor);
    this.protocol = new VersionProtocol(cluster, clock);
    this.reference = new Reference(this);
    this.managers = managers;
    this.users = managers;
  }

  /**
   * Returns the cluster with these settings, to be {@linkplain #release released} after use. If it
   * throws, such as for want of memory, there is nothing to be released.
   */
  public static SharedCluster acquire(ClusterSettings settings) {
    return acquire(settings, 1);
  }

  /**
   * Does what {@link #acquire} does for what needs no open manager, and is to {@link #leave} it. A
   * manager that is closed meanwhile goes on waiting for its pending clears.
   */
  public static SharedCluster visit(ClusterSettings settings) {
    return acquire(settings, 0);
  }

  private static SharedCluster acquire(ClusterSettings settings, int moreManagers) {
    endClosed();
    SharedCluster acquired;
    boolean isNew = false;
    synchronized (IN_USE) {
      acquired = open(settings);
      if (acquired == null) {
        isNew = true;
        acquired = new SharedCluster(settings, InstantSource.system(), LevelRegistry.OF_PROCESS, 0);
        UNENDED.add(acquired);
        IN_USE.put(settings, acquired);
      }
      acquired.managers += moreManagers;
      acquired.users++;
    }
    if (isNew) {
      acquired.resume(moreManagers);
    }
    return acquired;
  }

  /** Returns the open cluster with these settings, or null. To be called with the lock held. */
  private static @Nullable SharedCluster open(ClusterSettings settings) {
    SharedCluster newest = IN_USE.get(settings);
    return newest == null || newest.closed ? null : newest;
  }

  private void resume(int newManagers) {
    try {
      pendingClears().resume();
    } catch (RuntimeException | Error e) {
      synchronized (IN_USE) {
        managers -= newManagers;
      }
      leave();
      throw e;
    }
  }

  /**
   * Gives the cluster back; to be called once for each {@link #acquire}. When the last one has been
   * given back and this returns, no thread and no connection of it is left. If it throws, {@link
   * #endClosed} does the rest.
   *
   * @param patience how long to wait for clears that are pending, if it is the last one; what is
   *     pending then is logged
   */
  public void release(Duration patience) {
    synchronized (IN_USE) {
      managers--; // first: this needs no memory
    }
    try {
      pendingClears().awaitCleared(this, patience);
    } finally {
      leave(patience);
    }
    endClosed();
  }

  /** Gives it back after a {@link #visit}. */
  public void leave() {
    leave(Duration.ZERO);
    endClosed();
  }

  private void leave(Duration waited) {
    if (closeIfUnused()) {
      end();
      warnOfPending(waited);
    }
  }

  private boolean closeIfUnused() {
    synchronized (IN_USE) {
      users--;
      boolean isLast = users <= 0 && !closed;
      closed = closed || isLast;
      return isLast;
    }
  }

  /** May be called again. */
  private void end() {
    boolean ended = false;
    try {
      cluster.close();
      pendingClears().endThreadIfIdle(Patience.of(THREAD_PATIENCE));
      ended = true;
    } finally {
      synchronized (IN_USE) {
        failedToEnd = !ended;
        IN_USE.remove(settings, this);
        if (ended) {
          UNENDED.remove(this);
        }
      }
    }
  }

  /** Ends those for which this has failed, such as for want of memory. */
  public static void endClosed() {
    List<SharedCluster> closed;
    synchronized (IN_USE) {
      closed = UNENDED.stream().filter(each -> each.failedToEnd).toList();
    }
    for (SharedCluster each : closed) {
      try {
        each.end();
      } catch (RuntimeException | Error e) { // it is tried again with each manager
        LOG.warn("Closing the connections to {} failed", each.settings.shownServers(), e);
      }
    }
  }

  private void warnOfPending(Duration patience) {
    List<String> left = pendingClears().pendingOf(this);
    if (!left.isEmpty() && reference.current() == null) {
      LOG.warn(
          "The last manager of {} was closed while {} clears were pending, of {}{}: until this"
              + " process opens a manager of these servers again, other processes may read old"
              + " entries there. The option close.wait, now {} ms, lets closing wait for the"
              + " servers",
          settings.shownServers(),
          left.size(),
          left.subList(0, Math.min(NAMED, left.size())),
          left.size() > NAMED ? " and others" : "",
          patience.toMillis());
    }
  }

  /** Returns what may be kept of it after it was closed. */
  Reference reference() {
    return reference;
  }

  /** Returns whether a manager uses it, or another one of the same servers. */
  boolean isUsed() {
    synchronized (IN_USE) {
      return managers > 0
          || IN_USE.values().stream().anyMatch(each -> each.managers > 0 && reference.isTo(each));
    }
  }

  /**
   * What something keeps that is pending on servers: the cluster through which it was, and for when
   * that is closed, what the next one of these servers is known by, whatever its timeouts are.
   * Keeps no object of an application, such as a resolver. Thread-safe.
   */
  static final class Reference {
    private final WeakReference<SharedCluster> cluster;
    private final Set<ServerAddress> servers;
    private final @Nullable ServerAddress service;
    private final WeakReference<NameResolver> resolver;

    private Reference(SharedCluster cluster) {
      this.cluster = new WeakReference<>(cluster);
      this.servers = Set.copyOf(cluster.settings.servers());
      this.service = service(cluster.settings);
      this.resolver = new WeakReference<>(cluster.settings.resolver());
    }

    private static @Nullable ServerAddress service(ClusterSettings settings) {
      DiscoverySettings discovery = settings.discovery();
      return discovery == null ? null : discovery.placeholder();
    }

    /** Returns the cluster if it is open, else another one that is, of these servers; or null. */
    @Nullable SharedCluster current() {
      SharedCluster own = cluster.get();
      synchronized (IN_USE) {
        if (own != null && !own.closed) {
          return own;
        }
        SharedCluster equal = own == null ? null : open(own.settings);
        return equal != null
            ? equal
            : IN_USE.values().stream()
                .filter(each -> !each.closed && isTo(each))
                .findAny()
                .orElse(null);
      }
    }

    boolean isClosed() {
      SharedCluster own = cluster.get();
      synchronized (IN_USE) {
        return own == null || own.closed;
      }
    }

    /** Returns whether a cluster has these servers, or may have them in the place of this one. */
    boolean isTo(SharedCluster other) {
      return isToSame(other) || (isNamedLike(other) && isClosed());
    }

    /** Returns whether a cluster has these servers, as far as anybody can know. */
    boolean isToSame(SharedCluster other) {
      NameResolver known = resolver.get();
      return isNamedLike(other) && (known == null || known.equals(other.settings.resolver()));
    }

    private boolean isNamedLike(SharedCluster other) {
      return servers.equals(Set.copyOf(other.settings.servers()))
          && Objects.equals(service, service(other.settings));
    }
  }

  public ClusterSettings settings() {
    return settings;
  }

  public Cluster cluster() {
    return cluster;
  }

  /** Asks all servers whether they answer, and returns what came of it, in their order. */
  public List<PingResult> ping() {
    return cluster.ping();
  }

  VersionProtocol protocol() {
    return protocol;
  }

  PendingClears pendingClears() {
    return levels.pendingClears();
  }

  /**
   * Reads the versions in force of levels on one server, in one round trip, and changes nothing:
   * for those who look at what a server has. A namespace would create what is missing.
   *
   * @param server its index
   * @param levels each with the path of one level
   * @return the version of each that has one; 0 if there is something else in its place
   * @throws RequestFailedException if the server doesn't answer in time
   */
  public Map<PathKey, Long> readVersions(
      Operation operation, int server, Collection<PathKey> levels) {
    return protocol.peek(operation, server, levels);
  }

  /** Returns whether this cluster, or another one that is open, uses a server. */
  boolean isAnyUsing(ServerAddress server) {
    synchronized (IN_USE) {
      return isUsing(server)
          || IN_USE.values().stream().anyMatch(each -> !each.closed && each.isUsing(server));
    }
  }

  private boolean isUsing(ServerAddress server) {
    return cluster.knownList().addresses().contains(server)
        || cluster.undiscovered().addresses().contains(server);
  }

  /** Returns whether a server isn't one, but stands for them while none is known. */
  boolean isUndiscovered(ServerAddress server) {
    return cluster.isUndiscovered(cluster.indexOf(server));
  }

  /** Returns the namespace with this path, for what is pending: what servers don't do stays so. */
  Namespace open(PathKey path) {
    return open(path, ConsistencyPolicy.of(Duration.ZERO, true), new CacheMetrics());
  }

  /** Returns the namespace with this path. */
  public Namespace open(PathKey path, ConsistencyPolicy policy, CacheMetrics metrics) {
    if (path.levels() == 0) {
      throw new IllegalArgumentException("A namespace needs at least one name");
    }
    return new Namespace(this, path, policy, metrics);
  }

  /** Returns the levels of a path on what stands for servers that aren't known; perhaps none. */
  Level[] undiscoveredLevels(PathKey path) {
    return IntStream.of(cluster.undiscovered().indices())
        .mapToObj(server -> levels(server, path))
        .flatMap(Arrays::stream)
        .toArray(Level[]::new);
  }

  /**
   * Returns the levels of a path on a server, outermost first. Their names in messages are escaped:
   * the name of a tenant may hold anything.
   */
  Level[] levels(int server, PathKey path) {
    ServerAddress address = cluster.address(server);
    return path.toEachLevel().stream()
        .map(level -> levels.level(address, level.canonical(), level.versionKey()))
        .toArray(Level[]::new);
  }
}
