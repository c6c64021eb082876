// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.tenants;

import java.net.URI;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is open of an application and of its tenants, in this process.
 *
 * <p>A tenant is opened when it is first used, and closed when there are too many and it was not
 * used for longest. That costs little: opening a tenant takes no round trip, and what is in
 * memcached stays. If more tenants than that are in use at the same moment, there are more.
 *
 * <p>Thread-safe.
 *
 * @param <T> what is opened
 */
public final class OpenTenants<T> {

  private static final Logger LOG = LoggerFactory.getLogger(OpenTenants.class);

  private final URI uri;
  private final Tenant<T> application;
  private final int maxOpen;
  private final Function<URI, T> opening;
  private final BiConsumer<String, T> closing;

  /** Opening and closing a tenant happen within one computation of this map. */
  private final ConcurrentHashMap<String, Tenant<T>> tenants = new ConcurrentHashMap<>();

  /**
   * Creates it, without opening a tenant.
   *
   * @param uri of the application's manager
   * @param application what is open of the application itself; never closed here
   * @param maxOpen how many tenants may be open
   * @param opening opens a tenant, by the URI of its manager
   * @param closing closes a tenant that nobody uses, of this name
   */
  public OpenTenants(
      URI uri,
      T application,
      int maxOpen,
      Function<URI, T> opening,
      BiConsumer<String, T> closing) {
    this.uri = uri;
    this.application = new Tenant<>(null, application);
    this.maxOpen = maxOpen;
    this.opening = opening;
    this.closing = closing;
  }

  /**
   * A tenant, or the application. It is in use from {@link #acquire} to {@link #release}, and
   * closed only while it isn't, so that no operation meets a closed cache. Thread-safe.
   */
  public static final class Tenant<T> {

    private static final int RETIRED = -1;

    private final @Nullable String name;
    private final T open;
    private final AtomicInteger users = new AtomicInteger();
    private volatile long lastUsed = System.nanoTime();

    private Tenant(@Nullable String name, T open) {
      this.name = name;
      this.open = open;
    }

    /** Returns its name; null for the application. */
    public @Nullable String name() {
      return name;
    }

    /** Returns what is open of it. */
    public T open() {
      return open;
    }

    /** Returns whether it may be used now; false once it is retired. */
    private boolean acquire() {
      return users.updateAndGet(n -> n == RETIRED ? RETIRED : n + 1) != RETIRED;
    }

    /** Ends a use. */
    public void release() {
      lastUsed = System.nanoTime();
      users.decrementAndGet();
    }

    /** Returns whether nobody uses it, nor will again. */
    private boolean retire() {
      return users.compareAndSet(0, RETIRED);
    }
  }

  /**
   * Returns a tenant, to be released after use.
   *
   * @param name null for the application
   * @throws IllegalArgumentException if no tenant can have this name
   */
  public Tenant<T> acquire(@Nullable String name) {
    Tenant<T> known = name == null ? application : tenants.get(name);
    if (known != null && known.acquire()) {
      return known;
    }
    String tenant = Objects.requireNonNull(name); // the application isn't retired
    URI ofTenant = uri(tenant);
    Tenant<T> acquired =
        tenants.compute(
            tenant,
            (key, present) ->
                present != null && present.acquire() ? present : acquired(key, ofTenant));
    try {
      closeIdle();
    } catch (Error e) { // nobody releases what was not returned
      acquired.release();
      throw e;
    }
    return acquired;
  }

  private Tenant<T> acquired(String name, URI ofTenant) {
    Tenant<T> opened = new Tenant<>(name, opening.apply(ofTenant));
    opened.acquire();
    return opened;
  }

  /** Returns the URI of a tenant's manager. */
  private URI uri(String tenant) {
    try {
      return ManagerUri.withNamespace(uri, tenant);
    } catch (InvalidConfigurationException e) {
      throw new IllegalArgumentException(
          "'%s' can't be the name of a tenant: %s".formatted(tenant, e.getMessage()), e);
    }
  }

  private void closeIdle() {
    while (tenants.size() > maxOpen) {
      long now = System.nanoTime();
      Optional<String> longestIdle =
          tenants.entrySet().stream()
              .filter(tenant -> tenant.getValue().users.get() == 0)
              .max(Comparator.comparingLong(tenant -> now - tenant.getValue().lastUsed))
              .map(Map.Entry::getKey);
      if (longestIdle.isEmpty()) {
        return;
      }
      tenants.computeIfPresent(longestIdle.get(), this::closed);
    }
  }

  /** Closes a tenant and returns null, or leaves one that is in use again. */
  private @Nullable Tenant<T> closed(String name, Tenant<T> tenant) {
    if (!tenant.retire()) {
      return tenant;
    }
    try {
      closing.accept(name, tenant.open);
    } catch (RuntimeException | Error e) { // not an error of the operation that happens to be here
      LOG.warn("The caches of a tenant that isn't used could not be closed", e);
    }
    return null;
  }

  /** Returns what is open now: the application, and the tenants by their names. */
  public Stream<Tenant<T>> all() {
    return Stream.concat(
        Stream.of(application),
        tenants.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue));
  }
}
