package org.memjcache.internal.config;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.cache.configuration.Factory;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;

/** JCache's own expiry policies as text: {@code eternal}, {@code created:10m} and so on. */
final class ExpiryFormat {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** How a policy is written, for errors and documentation. */
  static final String FORM =
      "eternal, or created:, modified:, accessed: or touched: with a duration from 1ms to 36500d,"
          + " as in created:10m";

  private ExpiryFormat() {}

  /** Returns the policy that a text stands for, or nothing if it is none. */
  static Optional<Factory<ExpiryPolicy>> parse(String text) {
    if (text.equals("eternal")) {
      return Optional.of(EternalExpiryPolicy.factoryOf());
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    return OptionFormat.parseDuration(text.substring(colon + 1).strip())
        .filter(duration -> duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0)
        .flatMap(duration -> policy(text.substring(0, colon).strip(), duration));
  }

  private static Optional<Factory<ExpiryPolicy>> policy(String kind, Duration duration) {
    var life = new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, duration.toMillis());
    return switch (kind) {
      case "created" -> Optional.of(CreatedExpiryPolicy.factoryOf(life));
      case "modified" -> Optional.of(ModifiedExpiryPolicy.factoryOf(life));
      case "accessed" -> Optional.of(AccessedExpiryPolicy.factoryOf(life));
      case "touched" -> Optional.of(TouchedExpiryPolicy.factoryOf(life));
      default -> Optional.empty();
    };
  }
}
