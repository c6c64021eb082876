package org.memjcache.internal.namespace;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.memjcache.PingResult;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.common.Patience;
import org.memjcache.internal.config.value.ClusterSettings;
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

  private static final Map<ClusterSettings, SharedCluster> IN_USE = new HashMap<>();

  private final ClusterSettings settings;
  private final Cluster cluster;
  private final LevelRegistry levels;
  private final VersionProtocol protocol;

  // Guarded by IN_USE, as is the map.
  private int managers;
  private boolean closed;

  /** Creates a cluster that no manager shares, to be {@linkplain #release released} once. */
  SharedCluster(ClusterSettings settings, InstantSource clock, LevelRegistry levels) {
    this.settings = settings;
    this.cluster = new Cluster(settings);
    this.levels = levels;
    this.protocol = new VersionProtocol(cluster, clock);
    this.managers = 1;
  }

  /** Returns the cluster with these settings, to be {@linkplain #release released} after use. */
  public static SharedCluster acquire(ClusterSettings settings) {
    SharedCluster acquired;
    synchronized (IN_USE) {
      SharedCluster open = IN_USE.get(settings);
      if (open != null) {
        open.managers++;
        return open;
      }
      acquired = new SharedCluster(settings, InstantSource.system(), LevelRegistry.OF_PROCESS);
      IN_USE.put(settings, acquired);
    }
    acquired.pendingClears().resume();
    return acquired;
  }

  /**
   * Gives the cluster back; to be called once for each {@link #acquire}. When the last one has been
   * given back and this returns, no thread and no connection of it is left.
   *
   * @param patience how long to wait for clears that are pending, if it is the last one; what is
   *     pending then is logged
   */
  public void release(Duration patience) {
    synchronized (IN_USE) {
      managers--;
    }
    pendingClears().awaitCleared(this, patience);
    synchronized (IN_USE) {
      if (managers > 0 || closed) {
        return;
      }
      closed = true;
      IN_USE.remove(settings, this);
    }
    cluster.close();
    pendingClears().endThreadIfIdle(Patience.of(THREAD_PATIENCE));
    warnOfPending(patience);
  }

  private void warnOfPending(Duration patience) {
    List<String> left = pendingClears().pendingOf(this);
    if (!left.isEmpty()) {
      LOG.warn(
          "The last manager of {} was closed while {} clears were pending, of {}{}: until this"
              + " process opens a manager of these servers again, other processes may read old"
              + " entries there. The option close.wait, now {} ms, lets closing wait for the"
              + " servers",
          settings.servers(),
          left.size(),
          left.subList(0, Math.min(NAMED, left.size())),
          left.size() > NAMED ? " and others" : "",
          patience.toMillis());
    }
  }

  /** Returns this, or if it is closed the open cluster with the same settings, or null. */
  @Nullable SharedCluster current() {
    synchronized (IN_USE) {
      return closed ? IN_USE.get(settings) : this;
    }
  }

  /** Returns whether a manager uses it. */
  boolean isUsed() {
    synchronized (IN_USE) {
      return managers > 0;
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

  /** Returns the namespace with this path, application first. */
  public Namespace open(List<String> path, ConsistencyPolicy policy, CacheMetrics metrics) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("A namespace needs at least one name");
    }
    Level[] ofPath = new Level[path.size()];
    int last = path.size() - 1;
    for (int i = 0; i < last; i++) {
      ofPath[i] = level(PathKey.of(path.subList(0, i + 1)));
    }
    PathKey key = PathKey.of(path);
    ofPath[last] = level(key);
    return new Namespace(this, ofPath, key, policy, metrics);
  }

  /** Returns a level. Its name in messages is escaped: the name of a tenant may hold anything. */
  private Level level(PathKey key) {
    return levels.level(cluster, key.canonical(), key.versionKey());
  }
}
