// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Names with addresses that a test gives them and changes while a client runs, as those of a
 * headless service in Kubernetes change.
 *
 * <pre>{@code
 * TestNameService names = new TestNameService();
 * names.set("memcached.apps.svc", "127.0.0.1", "127.0.0.2");
 * NameResolver resolver = names::resolve;     // of MemJCache
 * properties.put("memjcache.resolver", resolver);
 * }</pre>
 *
 * <p>Only what asks this object knows the names: the JVM and the machine don't. Thread safe.
 */
public final class TestNameService {

  private final Map<String, List<InetAddress>> addresses = new ConcurrentHashMap<>();
  private final AtomicInteger lookups = new AtomicInteger();
  private final Object lock = new Object();

  /** Guarded by the lock. */
  private boolean paused;

  /** Creates a service that knows no name. */
  public TestNameService() {}

  /**
   * Gives a name addresses in place of those that it had.
   *
   * @param name in lower case
   * @param literals addresses of IPv4 or IPv6, such as {@code 127.0.0.2}; none for a name that
   *     isn't known
   * @throws IllegalArgumentException if one is no address
   */
  public void set(String name, String... literals) {
    addresses.put(name, Arrays.stream(literals).map(TestNameService::address).toList());
  }

  private static InetAddress address(String literal) {
    try {
      if (literal.matches("[0-9.]+|.*:.*")) { // no other is looked up
        return InetAddress.getByName(literal);
      }
    } catch (UnknownHostException e) {
      // Refused below.
    }
    throw new IllegalArgumentException("expected an address such as 127.0.0.2, got: " + literal);
  }

  /**
   * {@return the addresses of a name as they are now}
   *
   * @param host the name
   * @throws UnknownHostException if it has none, or the calling thread is interrupted while the
   *     service is paused
   */
  public List<InetAddress> resolve(String host) throws UnknownHostException {
    lookups.incrementAndGet();
    synchronized (lock) {
      while (paused) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new UnknownHostException(host + ": interrupted");
        }
      }
    }
    List<InetAddress> found = addresses.getOrDefault(host, List.of());
    if (found.isEmpty()) {
      throw new UnknownHostException(host);
    }
    return found;
  }

  /** Lets all look-ups wait until {@link #resume}. */
  public void pause() {
    synchronized (lock) {
      paused = true;
    }
  }

  /** Answers the look-ups that have waited, and those to come. */
  public void resume() {
    synchronized (lock) {
      paused = false;
      lock.notifyAll();
    }
  }

  /** {@return how many look-ups there were} */
  public int lookups() {
    return lookups.get();
  }
}
