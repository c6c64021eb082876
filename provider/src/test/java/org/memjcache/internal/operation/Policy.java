// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.function.Supplier;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;

/** An expiry policy of an application: its answers may be null, and they may be exceptions. */
record Policy(Supplier<Duration> creation, Supplier<Duration> access, Supplier<Duration> update)
    implements ExpiryPolicy {

  static Policy of(Duration creation, Duration access, Duration update) {
    return new Policy(() -> creation, () -> access, () -> update);
  }

  static Duration fails() {
    throw new UnsupportedOperationException("the policy fails");
  }

  @Override
  public Duration getExpiryForCreation() {
    return creation.get();
  }

  @Override
  public Duration getExpiryForAccess() {
    return access.get();
  }

  @Override
  public Duration getExpiryForUpdate() {
    return update.get();
  }
}
