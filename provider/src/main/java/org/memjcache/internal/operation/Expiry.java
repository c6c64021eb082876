package org.memjcache.internal.operation;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.integration.PluggableParts;

/**
 * Turns the durations of an {@link ExpiryPolicy} into deadlines, and knows which operations can do
 * without looking at the old entry.
 *
 * <p>Where a policy fails or answers null, a created entry is eternal, and an updated or accessed
 * one keeps its deadline (JSR-107, {@link ExpiryPolicy}; the reference implementation for
 * failures).
 *
 * <p>Thread-safe if the policy is.
 */
public final class Expiry implements AutoCloseable {

  /** The deadline of an entry that never expires. */
  public static final long ETERNAL = Long.MAX_VALUE;

  /**
   * An access that moves the deadline by less than this part of the duration doesn't rewrite the
   * item: the entry may expire that much early, never late.
   */
  private static final int SMALL_GAIN = 32;

  /** Of most caches: the policy has nothing of its own. */
  private static final Expiry OF_ETERNAL =
      new Expiry(new EternalExpiryPolicy(), InstantSource.system());

  private final ExpiryPolicy policy;
  private final InstantSource clock;
  private final boolean standard;
  private final boolean eternal;
  private final boolean keepsOldDeadline;
  private final boolean movesOnAccess;

  /**
   * Makes the rules of a policy.
   *
   * @param policy what the cache was configured with
   * @param clock tells now
   */
  public Expiry(ExpiryPolicy policy, InstantSource clock) {
    this.policy = policy;
    this.clock = clock;
    Class<?> type = policy.getClass();
    this.eternal = type == EternalExpiryPolicy.class;
    boolean created = type == CreatedExpiryPolicy.class;
    boolean modified = type == ModifiedExpiryPolicy.class;
    boolean accessed = type == AccessedExpiryPolicy.class;
    boolean touched = type == TouchedExpiryPolicy.class;
    this.standard = eternal || created || modified || accessed || touched;
    this.keepsOldDeadline = !(eternal || modified || touched);
    this.movesOnAccess = !(eternal || created || modified);
  }

  /**
   * Returns the rules of a policy, by the clock of this machine.
   *
   * @param policy what the cache was configured with
   * @return the rules; the same for all caches whose entries never expire
   */
  public static Expiry of(ExpiryPolicy policy) {
    return policy.getClass() == EternalExpiryPolicy.class
        ? OF_ETERNAL
        : new Expiry(policy, InstantSource.system());
  }

  /**
   * Returns true if the policy is one of JCache's own classes, which nobody counts the calls of.
   */
  boolean isStandard() {
    return standard;
  }

  /** Returns true if no entry ever has a deadline, so that whatever is stored is live. */
  boolean isEternal() {
    return eternal;
  }

  /** Returns true if the deadline of an updated entry depends on the old entry. */
  boolean needsOldEntryToUpdate() {
    return keepsOldDeadline;
  }

  /** Returns true if reading an entry may move its deadline. */
  boolean movesOnAccess() {
    return movesOnAccess;
  }

  /** Returns the present time in milliseconds since 1970. */
  public long now() {
    return clock.millis();
  }

  /** Returns the storing of a value until {@code deadline}, in milliseconds since 1970. */
  Change.Write write(EncodedValue payload, long deadline) {
    return new Change.Write(payload, deadline, isAhead(deadline));
  }

  /** Returns true if an entry with this deadline, in milliseconds since 1970, is live now. */
  public boolean isAhead(long deadline) {
    return deadline == ETERNAL || now() < deadline; // to ask the clock for each of many takes time
  }

  /** Returns the deadline of an entry that is created now. */
  long afterCreation() {
    Duration duration;
    try {
      duration = policy.getExpiryForCreation();
    } catch (RuntimeException e) {
      return ETERNAL;
    }
    return duration == null ? ETERNAL : deadline(now(), duration);
  }

  /** Returns the deadline of an entry that is updated now, and had {@code current} before. */
  long afterUpdate(long current) {
    Duration duration;
    try {
      duration = policy.getExpiryForUpdate();
    } catch (RuntimeException e) {
      return current;
    }
    return duration == null ? current : deadline(now(), duration);
  }

  /**
   * Returns the deadline of an entry that is read now, and had {@code current} before; {@code
   * current} if it isn't worth a rewrite.
   */
  long afterAccess(long current) {
    Duration duration;
    try {
      duration = policy.getExpiryForAccess();
    } catch (RuntimeException e) {
      return current;
    }
    return duration == null ? current : worthwhile(current, now(), duration);
  }

  private static long worthwhile(long current, long now, Duration duration) {
    long moved = deadline(now, duration);
    long gain = moved - current;
    boolean small = moved != ETERNAL && gain >= 0 && gain < (moved - now) / SMALL_GAIN;
    return small ? current : moved;
  }

  private static long deadline(long now, @Nullable Duration duration) {
    if (duration == null || duration.isEternal()) {
      return ETERNAL;
    }
    TimeUnit unit = duration.getTimeUnit();
    long millis = unit.toMillis(duration.getDurationAmount());
    long deadline = now + millis;
    return deadline < now ? ETERNAL : deadline; // beyond what a long can say
  }

  /** Closes the policy if it can be closed. */
  @Override
  public void close() {
    PluggableParts.close(policy, "expiry policy");
  }
}
