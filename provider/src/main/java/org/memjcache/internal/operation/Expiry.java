// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.memjcache.EntryExpiry;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Deadline;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.integration.PluggableParts;

/**
 * Turns the durations of an {@link ExpiryPolicy}, or of an {@link EntryExpiry}, into deadlines, and
 * knows which operations need not look at the old entry.
 *
 * <p>Where a policy fails or answers null, a created entry is eternal, and an updated or accessed
 * one keeps its deadline (JSR-107, {@link ExpiryPolicy}; the reference implementation for
 * failures).
 *
 * <p>Thread-safe if the policy is.
 */
public final class Expiry<K, V> implements AutoCloseable {

  /**
   * An access that moves the deadline by less than this part of the duration doesn't rewrite the
   * item: the entry may expire that much early, never late.
   */
  private static final int SMALL_GAIN = 32;

  /** Of most caches: the policy has nothing of its own. */
  private static final Expiry<?, ?> OF_ETERNAL =
      new Expiry<>(new EternalExpiryPolicy(), InstantSource.system());

  private final ExpiryPolicy policy;

  /** Counts in place of the policy, unless it is null. */
  private final @Nullable EntryExpiry<? super K, ? super V> ofEntries;

  private final InstantSource clock;
  private final boolean standard;
  private final boolean eternal;
  private final boolean ignoresOldDeadline;
  private final boolean movesOnAccess;

  /** By up to how many percent a life is shortened. */
  private final int jitter;

  public Expiry(ExpiryPolicy policy, InstantSource clock) {
    this(policy, clock, 0);
  }

  Expiry(ExpiryPolicy policy, InstantSource clock, int jitter) {
    this.jitter = jitter;
    this.policy = policy;
    this.ofEntries = null;
    this.clock = clock;
    Class<?> type = policy.getClass();
    this.eternal = type == EternalExpiryPolicy.class;
    boolean created = type == CreatedExpiryPolicy.class;
    boolean modified = type == ModifiedExpiryPolicy.class;
    boolean accessed = type == AccessedExpiryPolicy.class;
    boolean touched = type == TouchedExpiryPolicy.class;
    this.standard = eternal || created || modified || accessed || touched;
    this.ignoresOldDeadline = eternal || modified || touched;
    this.movesOnAccess = !(eternal || created || modified);
  }

  Expiry(EntryExpiry<? super K, ? super V> ofEntries, InstantSource clock, int jitter) {
    this.jitter = jitter;
    this.policy = new EternalExpiryPolicy(); // which moves no deadline
    this.ofEntries = ofEntries;
    this.clock = clock;
    this.standard = false;
    this.eternal = false;
    this.ignoresOldDeadline = false;
    this.movesOnAccess = isOverridden(ofEntries.getClass(), "getExpiryForAccess");
  }

  /** Returns whether a class has its own form of a method that the interface has, too. */
  private static boolean isOverridden(Class<?> policy, String method) {
    try {
      return policy.getMethod(method, Object.class, Object.class).getDeclaringClass()
          != EntryExpiry.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(policy + " is no " + EntryExpiry.class, e);
    }
  }

  /**
   * Returns the rules of a policy; the same for all caches whose entries never expire.
   *
   * @param jitter by up to how many percent the life of a stored entry is shortened by chance
   */
  public static <K, V> Expiry<K, V> of(ExpiryPolicy policy, int jitter) {
    if (policy.getClass() == EternalExpiryPolicy.class) {
      @SuppressWarnings("unchecked") // it looks at no entry
      Expiry<K, V> ofEternal = (Expiry<K, V>) OF_ETERNAL;
      return ofEternal;
    }
    return new Expiry<>(policy, InstantSource.system(), jitter);
  }

  /** Returns the rules of a policy that sees entries. */
  public static <K, V> Expiry<K, V> ofEntries(
      EntryExpiry<? super K, ? super V> policy, int jitter) {
    return new Expiry<>(policy, InstantSource.system(), jitter);
  }

  public InstantSource clock() {
    return clock;
  }

  /** Returns whether the policy is one of JCache's own classes, whose calls nothing can count. */
  boolean isStandard() {
    return standard;
  }

  /** Returns whether no entry ever has a deadline, so that whatever is stored is live. */
  boolean isEternal() {
    return eternal;
  }

  /**
   * Returns whether created and updated entries alike live for some time that is known without
   * looking at the old entry.
   */
  boolean isSameForAll() {
    return ignoresOldDeadline && (eternal || !isZero(policy.getExpiryForCreation()));
  }

  private static boolean isZero(@Nullable Duration duration) {
    return duration != null && !duration.isEternal() && duration.getDurationAmount() == 0;
  }

  /** Returns how long entries live that nobody changes; null if that isn't the same for all. */
  public java.time.@Nullable Duration life() {
    Class<?> type = policy.getClass();
    Duration life =
        type == CreatedExpiryPolicy.class || type == ModifiedExpiryPolicy.class
            ? policy.getExpiryForCreation()
            : null;
    return life == null || life.isEternal()
        ? null
        : java.time.Duration.ofMillis(life.getTimeUnit().toMillis(life.getDurationAmount()));
  }

  /** Returns a life after it was shortened by chance as much as that can be. */
  public java.time.Duration shortened(java.time.Duration life) {
    return life.minus(life.multipliedBy(jitter).dividedBy(100));
  }

  /** Returns whether reading an entry may move its deadline. */
  public boolean movesOnAccess() {
    return movesOnAccess;
  }

  /** Returns the storing of a value in the place of what was seen. */
  Change.Store store(NewEntry<K, V> entry, Snapshot<V> before) {
    if (!before.isLive()) {
      return storeAnew(entry);
    }
    long now = clock.millis();
    return stored(entry, afterUpdate(entry, before.deadline(), now), now);
  }

  /**
   * Returns the storing of a value that doesn't depend on what was seen: if that has expired since,
   * the entry counts as created.
   */
  Change.Store storeWhateverIsThere(NewEntry<K, V> entry, Snapshot<V> before) {
    return before.isLive() && !isAhead(before.deadline()) ? storeAnew(entry) : store(entry, before);
  }

  /** Returns the storing of a value whose entry counts as created now, whatever it replaces. */
  Change.Store storeAnew(NewEntry<K, V> entry) {
    long now = clock.millis();
    return stored(entry, afterCreation(entry, now), now);
  }

  /** Whether an entry has any time is the policy's word, so {@code now} is what it was asked by. */
  private static Change.Store stored(NewEntry<?, ?> entry, long deadline, long now) {
    return new Change.Store(entry.encodedValue(), deadline, now < deadline);
  }

  /** Returns the move of the deadline of a live entry that is read now. */
  Change touch(K key, Snapshot<V> entry) {
    return new Change.Touch(afterAccess(key, entry));
  }

  /** Returns whether an entry with this deadline, in milliseconds since 1970, is live now. */
  boolean isAhead(long deadline) {
    return Deadline.isAhead(deadline, clock);
  }

  /** Returns the deadlines of entries that are created now, where they don't depend on those. */
  LongSupplier afterCreationOfMany() {
    long one = afterCreation();
    return jitter == 0 || one == Deadline.ETERNAL ? () -> one : this::afterCreation;
  }

  /** Returns the deadline of an entry that is created now, where it doesn't depend on that. */
  long afterCreation() {
    return eternal ? Deadline.ETERNAL : created(ask(policy::getExpiryForCreation), clock.millis());
  }

  private long afterCreation(NewEntry<K, V> entry, long now) {
    EntryExpiry<? super K, ? super V> asked = ofEntries;
    Duration duration =
        asked == null
            ? ask(policy::getExpiryForCreation)
            : ask(() -> asked.getExpiryForCreation(entry.key(), entry.value()));
    return created(duration, now);
  }

  private long created(@Nullable Duration duration, long now) {
    return duration == null ? Deadline.ETERNAL : jittered(now, deadline(now, duration));
  }

  /** Shortens a life by chance. */
  private long jittered(long now, long deadline) {
    if (jitter == 0 || deadline == Deadline.ETERNAL) {
      return deadline;
    }
    double part = ThreadLocalRandom.current().nextDouble() * jitter / 100;
    return deadline - (long) ((deadline - now) * part);
  }

  private long afterUpdate(NewEntry<K, V> entry, long current, long now) {
    EntryExpiry<? super K, ? super V> asked = ofEntries;
    Duration duration =
        asked == null
            ? ask(policy::getExpiryForUpdate)
            : ask(() -> asked.getExpiryForUpdate(entry.key(), entry.value()));
    return duration == null ? current : jittered(now, deadline(now, duration));
  }

  private long afterAccess(K key, Snapshot<V> entry) {
    EntryExpiry<? super K, ? super V> asked = movesOnAccess ? ofEntries : null;
    Duration duration =
        asked == null
            ? ask(policy::getExpiryForAccess)
            : ask(() -> asked.getExpiryForAccess(key, entry.value()));
    long current = entry.deadline();
    return duration == null ? current : worthwhile(current, clock.millis(), duration);
  }

  private static @Nullable Duration ask(Supplier<@Nullable Duration> policy) {
    try {
      return policy.get();
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** Returns the moved deadline, or the current one if the gain isn't worth a rewrite. */
  private static long worthwhile(long current, long now, Duration duration) {
    long moved = deadline(now, duration);
    long gain = moved - current;
    boolean small = moved != Deadline.ETERNAL && gain >= 0 && gain < (moved - now) / SMALL_GAIN;
    return small ? current : moved;
  }

  private static long deadline(long now, Duration duration) {
    if (duration.isEternal()) {
      return Deadline.ETERNAL;
    }
    long millis = duration.getTimeUnit().toMillis(duration.getDurationAmount());
    long deadline = now + millis;
    return deadline < now ? Deadline.ETERNAL : deadline; // beyond what a long can say
  }

  @Override
  public void close() {
    PluggableParts.close(ofEntries == null ? policy : ofEntries, "expiry policy");
  }
}
