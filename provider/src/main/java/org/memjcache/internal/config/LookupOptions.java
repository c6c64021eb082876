// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.NameResolver;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.value.DiscoverySettings;
import org.memjcache.internal.config.value.DiscoverySettings.Kind;
import org.memjcache.internal.config.value.Protocol;

/** What the options say of how servers and their addresses are found. Looks up none. Stateless. */
final class LookupOptions {

  private static final String SERVICE = "servers=dns:host:port or servers=elasticache:host:port";

  private LookupOptions() {}

  /** Returns where servers are discovered; null if they are as they are configured. */
  static @Nullable DiscoverySettings discovery(ResolvedOptions options, Servers servers) {
    if (servers.kind() == null) {
      options.refuseIdle(Options.DISCOVERY_INTERVAL, Options.SERVERS, SERVICE);
      options.refuseIdle(Options.DISCOVERY_GRACE, Options.SERVERS, SERVICE);
      return null;
    }
    if (servers.kind() == Kind.ELASTICACHE && options.get(Options.PROTOCOL) == Protocol.BINARY) {
      throw invalid(
          "servers are discovered by %s, which is asked in the text protocol, but protocol is"
              + " binary; expected protocol=text, or a list of servers",
          servers);
    }
    return new DiscoverySettings(
        servers.kind(),
        servers.addresses().get(0),
        options.get(Options.DISCOVERY_INTERVAL),
        options.get(Options.DISCOVERY_GRACE));
  }

  /** Returns what finds addresses, but for a class that an option names. */
  static NameResolver resolver(ResolvedOptions options) {
    return options
        .find(Options.RESOLVER)
        .filter(NameResolver.class::isInstance)
        .map(NameResolver.class::cast)
        .orElse(NameResolver.ofJvm());
  }

  /** Returns what finds addresses, made of a class that an option names. */
  static NameResolver resolver(NamedClass named, ClassLookup classes) {
    return new ResolverOfClass(
        named.find(classes), named.factory(NameResolver.class, classes).create());
  }

  /** Is equal to all others of its class, so that their managers share one client. */
  private record ResolverOfClass(Class<?> type, NameResolver resolver) implements NameResolver {

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
      return resolver.resolve(host);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ResolverOfClass same && type.equals(same.type);
    }

    @Override
    public int hashCode() {
      return type.hashCode();
    }

    @Override
    public String toString() {
      return type.getName();
    }
  }
}
