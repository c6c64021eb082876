// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.FailureMode;
import org.memjcache.PingResult;
import org.memjcache.Serializer;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.envelope.SigningKeys;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.value.Compressor;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.config.ManagerSettings;
import org.memjcache.internal.config.Secrets;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.MBeans;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.SharedCluster;
import org.memjcache.internal.text.ErrorText;

/**
 * What an open manager has for its caches: settings, shared parts, namespaces and envelopes.
 *
 * <p>Thread-safe.
 */
public final class OpenManager implements AutoCloseable {

  private final ManagerSettings settings;
  private final SharedParts shared;

  /** Null if the manager can't be dropped without being closed. */
  private final DroppedManagers.@Nullable Watch watch;

  /** What entries are signed with; null if they aren't. */
  private final @Nullable SigningKeys signingKeys;

  /**
   * Opens the parts of a manager.
   *
   * @param canBeDropped whether its application may be collected before this library is, so that
   *     what it shares with others has to be closed even if it doesn't do so
   */
  public OpenManager(ManagerSettings settings, boolean canBeDropped) {
    Secrets secret = settings.secret();
    Compressor.require(settings.compression().compression());
    this.signingKeys = secret == null ? null : SigningKeys.of(secret.texts());
    this.shared = new SharedParts(settings.cluster(), settings.closeWait());
    try {
      this.settings = settings.withCluster(shared.cluster().settings());
      this.watch = canBeDropped ? DroppedManagers.watch(this, shared) : null;
    } catch (RuntimeException | Error e) {
      shared.close();
      throw e;
    }
  }

  public ManagerSettings settings() {
    return settings;
  }

  /** Returns the codec for the envelopes of a cache; it signs them if there is a secret. */
  EnvelopeCodec envelopes(Serializer serializer) {
    ValueCodec values = new ValueCodec(serializer, settings.compression());
    return signingKeys == null ? new EnvelopeCodec(values) : new EnvelopeCodec(values, signingKeys);
  }

  /**
   * Returns the namespace of a cache.
   *
   * @param acrossTenants whether it can be cleared along with those of other tenants
   */
  Namespace namespace(
      String cacheName, boolean acrossTenants, ConsistencyPolicy policy, CacheMetrics metrics) {
    if (acrossTenants && settings.namespace().isEmpty()) {
      throw ErrorText.invalid(
          "the cache %s is to be cleared across tenants, but the manager's URI names no application"
              + " whose tenants these could be; give it a path, as in"
              + " memcached://host/application/tenant",
          ErrorText.of(cacheName));
    }
    List<String> path = new ArrayList<>(settings.namespace());
    path.add(cacheName);
    return shared.cluster().open(PathKey.ofCache(path, acrossTenants), policy, metrics);
  }

  /**
   * Clears the caches of one name in all tenants of the application.
   *
   * @param uri the manager's, for errors
   * @param grace for how long loads may serve what was there; zero for not at all
   */
  public void clearAcrossTenants(String cacheName, Duration grace, String uri) {
    requireApplication(settings, uri);
    PathKey path = PathKey.acrossTenants(settings.namespace().get(0), cacheName);
    shared.cluster().open(path, policy(settings), new CacheMetrics()).clear(grace);
  }

  /** Asks all servers whether they answer, and returns what came of it. */
  public List<PingResult> ping() {
    return shared.cluster().ping();
  }

  /** Clears a cache that isn't open. */
  public void clearCache(String cacheName) {
    namespace(cacheName, false, policy(settings), new CacheMetrics()).clear();
  }

  /**
   * Clears the namespace of the manager.
   *
   * @param uri the manager's, for errors
   * @param grace for how long loads may serve what was there; zero for not at all
   */
  public void clear(String uri, Duration grace) {
    clear(shared.cluster(), settings, policy(settings), uri, grace);
  }

  /**
   * Clears the namespace of a manager that need not be open. With {@code failure=miss}, too, it is
   * an error if the server is away: perhaps nothing stays open that could make up for it.
   *
   * @param grace for how long loads may serve what was there; zero for not at all
   */
  public static void clear(ManagerSettings settings, String uri, Duration grace) {
    SharedCluster cluster = SharedCluster.visit(settings.cluster());
    try {
      clear(cluster, settings, ConsistencyPolicy.of(settings.staleness(), false), uri, grace);
    } finally {
      cluster.leave();
    }
  }

  private static void clear(
      SharedCluster cluster,
      ManagerSettings settings,
      ConsistencyPolicy policy,
      String uri,
      Duration grace) {
    requireApplication(settings, uri);
    cluster.open(PathKey.of(settings.namespace()), policy, new CacheMetrics()).clear(grace);
  }

  private static void requireApplication(ManagerSettings settings, String uri) {
    if (settings.namespace().isEmpty()) {
      throw ErrorText.invalid(
          "The URI %s names no application or tenant to clear: give it a path, as in"
              + " memcached://host/application/tenant, or clear each cache",
          uri);
    }
  }

  private static ConsistencyPolicy policy(ManagerSettings settings) {
    return ConsistencyPolicy.of(settings.staleness(), settings.failure() == FailureMode.MISS);
  }

  /** Takes the managed beans of a cache, which end with the application at the latest. */
  void add(MBeans ofCache) {
    if (watch != null) {
      shared.add(ofCache);
    }
  }

  void remove(MBeans ofCache) {
    shared.remove(ofCache);
  }

  /** Gives back what is shared, after all caches were closed; may be called again. */
  @Override
  public void close() {
    shared.close();
    if (watch != null) {
      watch.end(); // last: if closing fails, and nobody closes again, the watch does
    }
  }
}
