// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;

/** How a cache is configured, which decides on what way its operations take. */
public enum PairedPolicy {
  ETERNAL(EternalExpiryPolicy.factoryOf()),
  TOUCHED(TouchedExpiryPolicy.factoryOf(Duration.ONE_HOUR));

  private final Factory<? extends ExpiryPolicy> factory;

  PairedPolicy(Factory<? extends ExpiryPolicy> factory) {
    this.factory = factory;
  }

  public MutableConfiguration<String, String> configuration() {
    return new MutableConfiguration<String, String>().setExpiryPolicyFactory(factory);
  }
}
