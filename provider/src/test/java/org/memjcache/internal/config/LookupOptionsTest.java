// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;
import org.memjcache.NameResolver;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.value.ClusterSettings;

/** What finds addresses: the JVM, an object that code gives, or a class that is named. */
class LookupOptionsTest {

  private static final String SERVER = "memcached://cache1/shop";

  /** Knows one address. */
  public static final class Fixed implements NameResolver {

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
      return List.of(InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1}));
    }
  }

  private static ClusterSettings cluster(Object resolver) {
    Properties properties = new Properties();
    properties.put("memjcache.resolver", resolver);
    return ManagerSettings.of(URI.create(SERVER), properties).cluster();
  }

  @Test
  void notGiven_isThatOfTheJvm() {
    assertThat(ManagerSettings.of(URI.create(SERVER), null).cluster().resolver())
        .isSameAs(NameResolver.ofJvm());
  }

  @Test
  void object_isTaken_andAnotherOneMakesAnotherCluster() {
    NameResolver one = host -> List.of();
    NameResolver other = host -> List.of();

    assertThat(cluster(one).resolver()).isSameAs(one);
    assertThat(cluster(one)).isEqualTo(cluster(one)).isNotEqualTo(cluster(other));
  }

  @Test
  void named_isCreated_andIsEqualToAnotherOfItsClass() throws Exception {
    ClusterSettings named = cluster(Fixed.class.getName());

    assertThat(named.resolver().resolve("h"))
        .extracting(InetAddress::getHostAddress)
        .containsExactly("10.0.0.1");
    assertThat(named)
        .isEqualTo(cluster(Fixed.class.getName()))
        .hasSameHashCodeAs(cluster(Fixed.class.getName()))
        .isNotEqualTo(ManagerSettings.of(URI.create(SERVER), null).cluster());
  }

  @Test
  void namedInUri_isNotLookedUpBeforeThereIsAManager() {
    URI uri = URI.create(SERVER + "?resolver=com.acme.Missing");

    assertThatNoException().isThrownBy(() -> ManagerUri.parse(uri.toString()));
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> ManagerSettings.of(uri, null))
        .withMessageStartingWith("manager URI 'memcached://cache1/shop': class 'com.acme.Missing'")
        .withMessageContaining("of option 'resolver' in the query of the URI was not found");
  }

  @Test
  void named_isNotHeldByTheSettingsOfOtherTenants() {
    SharedSettings shared = new SharedSettings();
    Properties properties = new Properties();
    properties.put("memjcache.resolver", Fixed.class.getName());
    Environment environment = new Environment(new Properties(), name -> null, ClassLookup.of(null));

    ManagerSettings one = shared.settings(URI.create(SERVER), properties, environment);
    ManagerSettings other =
        shared.settings(URI.create("memcached://cache1/other"), properties, environment);

    assertThat(other.cluster()).isEqualTo(one.cluster());
    assertThat(other.cluster().resolver()).isNotSameAs(one.cluster().resolver());
  }

  @Test
  void otherObjectsAndClasses_areRefused() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> cluster("java.lang.String"))
        .withMessageContaining("expected a public NameResolver or Factory of one");
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> cluster(42))
        .withMessageContaining("the value of property 'memjcache.resolver' is not a string")
        .withMessageContaining("an object of org.memjcache.NameResolver");
  }
}
