package org.memjcache.conformance;

import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;

/** The expiry policies of the table: the classes of JCache, and policies of an application. */
enum PolicyKind {
  ETERNAL(witness -> new EternalExpiryPolicy()),
  CREATED(witness -> new CreatedExpiryPolicy(new Life(witness, Duration.ONE_HOUR))),
  MODIFIED(witness -> new ModifiedExpiryPolicy(new Life(witness, Duration.ONE_HOUR))),
  ACCESSED(witness -> new AccessedExpiryPolicy(new Life(witness, Duration.ONE_HOUR))),
  TOUCHED(witness -> new TouchedExpiryPolicy(new Life(witness, Duration.ONE_HOUR))),
  CREATED_ZERO(witness -> new CreatedExpiryPolicy(new Life(witness, Duration.ZERO))),
  MODIFIED_ZERO(witness -> new ModifiedExpiryPolicy(new Life(witness, Duration.ZERO))),
  ACCESSED_ZERO(witness -> new AccessedExpiryPolicy(new Life(witness, Duration.ZERO))),
  TOUCHED_ZERO(witness -> new TouchedExpiryPolicy(new Life(witness, Duration.ZERO))),
  OWN(own(Duration.ONE_HOUR, Duration.ONE_HOUR, Duration.ONE_HOUR)),
  OWN_CREATION_NULL(own(null, Duration.ONE_HOUR, Duration.ONE_HOUR)),
  OWN_CREATION_ONLY(own(Duration.ONE_HOUR, null, null)),
  OWN_CREATION_ZERO(own(Duration.ZERO, Duration.ONE_HOUR, Duration.ONE_HOUR)),
  OWN_ACCESS_ZERO(own(Duration.ONE_HOUR, Duration.ZERO, Duration.ONE_HOUR)),
  OWN_UPDATE_ZERO(own(Duration.ONE_HOUR, Duration.ONE_HOUR, Duration.ZERO)),
  OWN_CREATION_FAILS(
      witness -> new Own(witness, PolicyKind::fails, Duration.ONE_HOUR, Duration.ONE_HOUR)),
  OWN_ACCESS_FAILS(
      witness -> new Own(witness, Duration.ONE_HOUR, PolicyKind::fails, Duration.ONE_HOUR)),
  OWN_UPDATE_FAILS(
      witness -> new Own(witness, Duration.ONE_HOUR, Duration.ONE_HOUR, PolicyKind::fails));

  private final Function<Witness, ExpiryPolicy> policy;

  PolicyKind(Function<Witness, ExpiryPolicy> policy) {
    this.policy = policy;
  }

  ExpiryPolicy policy(Witness witness) {
    return policy.apply(witness);
  }

  private static Function<Witness, ExpiryPolicy> own(
      Duration creation, Duration access, Duration update) {
    return witness -> new Own(witness, () -> creation, () -> access, () -> update);
  }

  private static Duration fails() {
    throw new UnsupportedOperationException("the policy fails");
  }

  /** A duration that is another one while entries are prepared. */
  private static final class Life extends Duration {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // is never serialized
    private final Witness witness;

    private final Duration life;

    Life(Witness witness, Duration life) {
      super(TimeUnit.HOURS, 1);
      this.witness = witness;
      this.life = life;
    }

    private Duration now() {
      Duration prepared = witness.preparedLife();
      return prepared == null ? life : prepared;
    }

    @Override
    public TimeUnit getTimeUnit() {
      return now().getTimeUnit();
    }

    @Override
    public long getDurationAmount() {
      return now().getDurationAmount();
    }

    @Override
    public boolean isEternal() {
      return now().isEternal();
    }

    @Override
    public boolean isZero() {
      return now().isZero();
    }

    @Override
    public long getAdjustedTime(long time) {
      return now().getAdjustedTime(time);
    }
  }

  /** A policy of an application's own class, so that its calls can be counted. */
  private record Own(
      Witness witness,
      Supplier<Duration> creation,
      Supplier<Duration> access,
      Supplier<Duration> update)
      implements ExpiryPolicy {

    Own(Witness witness, Supplier<Duration> creation, Duration access, Duration update) {
      this(witness, creation, () -> access, () -> update);
    }

    Own(Witness witness, Duration creation, Supplier<Duration> access, Duration update) {
      this(witness, () -> creation, access, () -> update);
    }

    Own(Witness witness, Duration creation, Duration access, Supplier<Duration> update) {
      this(witness, () -> creation, () -> access, update);
    }

    @Override
    public Duration getExpiryForCreation() {
      witness.askedPolicy("creation");
      return witness.preparedLife() == null ? answer(creation) : witness.preparedLife();
    }

    @Override
    public Duration getExpiryForAccess() {
      witness.askedPolicy("access");
      return answer(access);
    }

    @Override
    public Duration getExpiryForUpdate() {
      witness.askedPolicy("update");
      return answer(update);
    }

    private Duration answer(Supplier<Duration> supplier) {
      return witness.isMeasuring() ? supplier.get() : null;
    }
  }
}
