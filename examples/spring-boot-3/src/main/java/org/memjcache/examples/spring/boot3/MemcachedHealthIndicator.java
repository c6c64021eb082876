package org.memjcache.examples.spring.boot3;

import org.memjcache.examples.spring.MemcachedProbe;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;

/** The same for Spring Boot 3, where these classes are in other packages. */
@Component
class MemcachedHealthIndicator extends AbstractHealthIndicator {

  private final MemcachedProbe probe;

  MemcachedHealthIndicator(MemcachedProbe probe) {
    this.probe = probe;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    probe.ask();
    builder.up();
  }
}
