// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URL;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.InvalidConfigurationException;

class HibernateOptionsTest {

  private static HibernateOptions read(Map<String, ?> properties) {
    return HibernateOptions.of(properties, HibernateOptionsTest::resource);
  }

  private static URL resource(String name) {
    try {
      return name.equals("memjcache.properties")
          ? URI.create("file:/app/memjcache.properties").toURL()
          : null;
    } catch (java.net.MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void of_serversAndNamespace_areTheUri() {
    HibernateOptions options =
        read(
            Map.of(
                "hibernate.memjcache.servers", "cache1,cache2",
                "hibernate.memjcache.namespace", "hotels/S%2Fd",
                "hibernate.memjcache.connections", 2,
                "hibernate.memjcache.cache.com.acme.*.expiry", "created:1h",
                "hibernate.format_sql", "true"));

    assertThat(options.uri())
        .isEqualTo(URI.create("memcached://cache1:11211;cache2:11211/hotels/S%2Fd"));
    assertThat(options.options())
        .containsOnly(
            Map.entry("memjcache.connections", "2"),
            Map.entry("memjcache.cache.com.acme.*.expiry", "created:1h"),
            Map.entry("memjcache.failure", "miss"));
    assertThat(options.maxOpen()).isEqualTo(1_000);
    assertThat(options.timestampsOfTenants()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "hibernate.memjcache.uri, memcached://cache1/hotels, memcached://cache1/hotels",
    "hibernate.memjcache.uri, classpath:memjcache.properties, classpath:memjcache.properties",
    "hibernate.memjcache.uri, memjcache.properties, file:/app/memjcache.properties",
    "hibernate.javax.cache.uri, memjcache.properties, file:/app/memjcache.properties",
    "hibernate.javax.cache.uri, memcacheds://cache1/hotels, memcacheds://cache1/hotels",
    "hibernate.javax.cache.uri, file:/etc/hotels.properties#x, file:/etc/hotels.properties#x",
  })
  void of_uri_isTaken(String property, String value, String expected) {
    assertThat(read(Map.of(property, value)).uri()).isEqualTo(URI.create(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hibernate.format_sql=true|no memcached servers are given; set hibernate.memjcache.servers",
        "hibernate.memjcache.servers=cache1|hibernate.memjcache.namespace is not given",
        "hibernate.memjcache.servers=cache1,hibernate.memjcache.namespace=a%|is not followed by two",
        "hibernate.memjcache.uri=memcached://cache1/|has no path; append the name",
        "hibernate.memjcache.uri=memcached://cache1|has no path; append the name",
        "hibernate.memjcache.uri=nowhere.properties|no resource 'nowhere.properties' was found",
        "hibernate.memjcache.uri=memcached://a/b,hibernate.memjcache.servers=c|servers once",
        "hibernate.javax.cache.uri=memjcache.properties,hibernate.memjcache.servers=c|servers once",
        "hibernate.javax.cache.cache_manager=x|hibernate.javax.cache.cache_manager is given",
        "hibernate.memjcache.uri=memcached://a/b,hibernate.memjcache.failure=throw|failure=throw is",
        "hibernate.memjcache.Servers=cache1|Servers; did you mean hibernate.memjcache.servers?",
        "hibernate.memjcache.namespce=a|namespce; did you mean hibernate.memjcache.namespace?",
        "hibernate.memjcache.tenant.max-open=1|did you mean hibernate.memjcache.tenants.max-open?",
        "hibernate.memjcache.colour=red|colour; expected hibernate.memjcache. followed by one of",
        "hibernate.memjcache.tenants.max-open=0|wrong value '0' of hibernate.memjcache.tenants",
        "hibernate.memjcache.tenants.timestamps=x|expected shared or own",
      })
  void of_whatIsMissingOrWrong_isRefused(String properties, String message) {
    Map<String, String> given = new java.util.HashMap<>();
    for (String property : properties.split(",")) {
      given.put(property.split("=")[0], property.split("=")[1]);
    }

    assertThatThrownBy(() -> read(given))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(message);
  }
}
