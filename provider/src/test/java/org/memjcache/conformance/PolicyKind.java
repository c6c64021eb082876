// SPDX-License-Identifier: Apache-2.0
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
  ETERNAL(recorder -> new EternalExpiryPolicy()),
  CREATED(recorder -> new CreatedExpiryPolicy(new Life(recorder, Duration.ONE_HOUR))),
  MODIFIED(recorder -> new ModifiedExpiryPolicy(new Life(recorder, Duration.ONE_HOUR))),
  ACCESSED(recorder -> new AccessedExpiryPolicy(new Life(recorder, Duration.ONE_HOUR))),
  TOUCHED(recorder -> new TouchedExpiryPolicy(new Life(recorder, Duration.ONE_HOUR))),
  CREATED_ZERO(recorder -> new CreatedExpiryPolicy(new Life(recorder, Duration.ZERO))),
  MODIFIED_ZERO(recorder -> new ModifiedExpiryPolicy(new Life(recorder, Duration.ZERO))),
  ACCESSED_ZERO(recorder -> new AccessedExpiryPolicy(new Life(recorder, Duration.ZERO))),
  TOUCHED_ZERO(recorder -> new TouchedExpiryPolicy(new Life(recorder, Duration.ZERO))),
  OWN(own(Duration.ONE_HOUR, Duration.ONE_HOUR, Duration.ONE_HOUR)),
  OWN_CREATION_NULL(own(null, Duration.ONE_HOUR, Duration.ONE_HOUR)),
  OWN_CREATION_ONLY(own(Duration.ONE_HOUR, null, null)),
  OWN_CREATION_ZERO(own(Duration.ZERO, Duration.ONE_HOUR, Duration.ONE_HOUR)),
  OWN_ACCESS_ZERO(own(Duration.ONE_HOUR, Duration.ZERO, Duration.ONE_HOUR)),
  OWN_UPDATE_ZERO(own(Duration.ONE_HOUR, Duration.ONE_HOUR, Duration.ZERO)),
  OWN_CREATION_FAILS(
      recorder -> new Own(recorder, PolicyKind::fails, Duration.ONE_HOUR, Duration.ONE_HOUR)),
  OWN_ACCESS_FAILS(
      recorder -> new Own(recorder, Duration.ONE_HOUR, PolicyKind::fails, Duration.ONE_HOUR)),
  OWN_UPDATE_FAILS(
      recorder -> new Own(recorder, Duration.ONE_HOUR, Duration.ONE_HOUR, PolicyKind::fails));

  private final Function<PluginRecorder, ExpiryPolicy> policy;

  PolicyKind(Function<PluginRecorder, ExpiryPolicy> policy) {
    this.policy = policy;
  }

  ExpiryPolicy policy(PluginRecorder recorder) {
    return policy.apply(recorder);
  }

  private static Function<PluginRecorder, ExpiryPolicy> own(
      Duration creation, Duration access, Duration update) {
    return recorder -> new Own(recorder, () -> creation, () -> access, () -> update);
  }

  private static Duration fails() {
    throw new UnsupportedOperationException("the policy fails");
  }

  /** A duration that is another one while entries are prepared. */
  private static final class Life extends Duration {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // is never serialized
    private final PluginRecorder recorder;

    private final Duration life;

    Life(PluginRecorder recorder, Duration life) {
      super(TimeUnit.HOURS, 1);
      this.recorder = recorder;
      this.life = life;
    }

    private Duration now() {
      Duration prepared = recorder.preparedLife();
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
      PluginRecorder recorder,
      Supplier<Duration> creation,
      Supplier<Duration> access,
      Supplier<Duration> update)
      implements ExpiryPolicy {

    Own(PluginRecorder recorder, Supplier<Duration> creation, Duration access, Duration update) {
      this(recorder, creation, () -> access, () -> update);
    }

    Own(PluginRecorder recorder, Duration creation, Supplier<Duration> access, Duration update) {
      this(recorder, () -> creation, access, () -> update);
    }

    Own(PluginRecorder recorder, Duration creation, Duration access, Supplier<Duration> update) {
      this(recorder, () -> creation, () -> access, update);
    }

    @Override
    public Duration getExpiryForCreation() {
      recorder.askedPolicy("creation");
      return recorder.preparedLife() == null ? answer(creation) : recorder.preparedLife();
    }

    @Override
    public Duration getExpiryForAccess() {
      recorder.askedPolicy("access");
      return answer(access);
    }

    @Override
    public Duration getExpiryForUpdate() {
      recorder.askedPolicy("update");
      return answer(update);
    }

    private Duration answer(Supplier<Duration> supplier) {
      return recorder.isMeasuring() ? supplier.get() : null;
    }
  }
}
