package org.memjcache.examples.spring.health;

import org.memjcache.examples.spring.MemcachedProbe;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Shows at {@code /actuator/health} whether memcached responds, and which server doesn't. */
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
