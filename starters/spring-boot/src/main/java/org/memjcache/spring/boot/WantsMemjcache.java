// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import java.util.Locale;
import org.memjcache.MemcachedCachingProvider;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether Spring Boot's own properties leave the choice, or choose JCache with MemJCache. */
class WantsMemjcache extends SpringBootCondition {

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    ConditionMessage.Builder message = ConditionMessage.forCondition("MemJCache");
    Environment environment = context.getEnvironment();
    String type = environment.getProperty("spring.cache.type", "jcache");
    if (!type.toLowerCase(Locale.ROOT).equals("jcache")) {
      return ConditionOutcome.noMatch(message.because("spring.cache.type is " + type));
    }
    String own = MemcachedCachingProvider.class.getName();
    String provider = environment.getProperty("spring.cache.jcache.provider", own);
    return provider.equals(own)
        ? ConditionOutcome.match()
        : ConditionOutcome.noMatch(message.because("spring.cache.jcache.provider is " + provider));
  }
}
