package org.memjcache.examples.spring;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** Stands for something slow: a database, or a distant service. Counts how often it is asked. */
@Component
class Directory {

  private final Map<String, Map<Long, String>> namesOfTenants = new ConcurrentHashMap<>();
  private final AtomicLong lookups = new AtomicLong();

  Directory() {
    namesOfTenants.put("Lisboa", new ConcurrentHashMap<>(Map.of(1L, "Casa Alfama", 2L, "Tejo")));
    namesOfTenants.put("Barcelona", new ConcurrentHashMap<>(Map.of(1L, "Rambla", 2L, "Montjuic")));
  }

  /** Returns a hotel of the current request's tenant. */
  Hotel find(long id) {
    String name = names().getOrDefault(id, "unknown");
    return new Hotel(id, name, lookups.incrementAndGet());
  }

  Hotel rename(long id, String name) {
    names().put(id, name);
    return find(id);
  }

  /** Returns the price of some nights. */
  Price price(long id, int nights) {
    return new Price(id, nights, 80 * nights, lookups.incrementAndGet());
  }

  private Map<Long, String> names() {
    return namesOfTenants.computeIfAbsent(Tenant.current(), tenant -> new ConcurrentHashMap<>());
  }
}
