// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Finds the addresses of a name, in place of the JVM's own look-up: for name services that the JVM
 * doesn't know, for one without its memory of earlier answers, and for tests.
 *
 * <p>It is asked for the servers of a manager's list at each connect, and for the service behind
 * {@code servers=dns:...} at each {@code discovery.interval}; never for what is an address already.
 * A manager gets it as the value of the property {@code memjcache.resolver}, either the object or
 * the name of its class:
 *
 * <pre>{@code
 * NameResolver resolver = host -> consul.healthyAddressesOf(host);
 * Properties properties = new Properties();
 * properties.put("memjcache.resolver", resolver);
 * provider.getCacheManager(URI.create("memcached://dns:memcached/shop"), null, properties);
 * }</pre>
 *
 * <p>Managers share connections only if they have equal resolvers, which for a class named in the
 * configuration are those of the same class. A resolver is kept as long as one of these managers is
 * open, and with it the class loader of its application.
 *
 * <p>Implementations must be thread-safe, and should give up in a few seconds, or when their thread
 * is interrupted: a look-up that goes on outlives the manager that has asked for it.
 */
@FunctionalInterface
public interface NameResolver {

  /**
   * Returns the addresses of a name as they are now.
   *
   * @param host the name as it is configured, in lower case; never an address
   * @return all addresses in any order; not empty
   * @throws UnknownHostException if there is no such name, or it isn't known for now; servers that
   *     were known stay in use
   */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /**
   * Returns the JVM's own look-up, which is used where no other is given. It remembers an answer
   * for 30 seconds and a failure for 10, unless the security properties {@code
   * networkaddress.cache.ttl} and {@code networkaddress.cache.negative.ttl} say otherwise.
   *
   * @return the same object each time
   */
  static NameResolver ofJvm() {
    return JvmResolver.INSTANCE;
  }
}
