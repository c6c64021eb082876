// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.admin.ClusterConfiguration;
import org.memjcache.internal.config.value.ServerAddress;

/** What an answer of a service means. */
class ServiceLookupTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.2 10.0.0.1,            10.0.0.2:1 10.0.0.1:1",
    "10.0.0.1 10.0.0.1,            10.0.0.1:1",
    "2001:db8:0:0:0:0:0:1 ::1,     [2001:db8::1]:1 [::1]:1",
    "::1 10.0.0.1 2001:db8::1,     10.0.0.1:1",
    "::ffff:10.0.0.1 ::1,          10.0.0.1:1"
  })
  void addresses_areServers_ofOneFamily(String found, String servers) throws UnknownHostException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String each : found.split(" ")) {
      addresses.add(InetAddress.getByName(each));
    }

    assertThat(ServiceLookup.addresses(addresses, 1))
        .extracting(ServerAddress::toString)
        .containsExactly(servers.split(" "));
  }

  @Test
  void versionOfList_onlyGrows() throws IOException {
    List<ServerAddress> one = List.of(new ServerAddress("one", 1));
    List<ServerAddress> two = List.of(new ServerAddress("two", 2));
    List<ClusterConfiguration> answers =
        new ArrayList<>(
            List.of(
                new ClusterConfiguration(5, one),
                new ClusterConfiguration(4, two),
                new ClusterConfiguration(5, one),
                new ClusterConfiguration(6, two)));
    ServiceLookup lookup =
        new ServiceLookup.Growing(() -> answers.remove(0), Duration.ofSeconds(30), () -> 0);

    assertThat(lookup.servers()).isEqualTo(one);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(lookup::servers)
        .withMessage(
            "its list has version 4, and version 5 was known; it counts if that is so for 30000 ms");
    assertThat(lookup.servers()).isEqualTo(one);
    assertThat(lookup.servers()).isEqualTo(two);
  }

  /** The same name leads to a cluster that was created anew. */
  @ParameterizedTest
  @ValueSource(longs = {0, 30})
  void versionOfList_staysLower_countsAfterTheGrace(long graceSeconds) throws IOException {
    List<ServerAddress> old = List.of(new ServerAddress("old", 1));
    List<ServerAddress> anew = List.of(new ServerAddress("new", 2));
    List<ClusterConfiguration> answers =
        new ArrayList<>(
            List.of(new ClusterConfiguration(5, old), new ClusterConfiguration(1, anew)));
    AtomicLong now = new AtomicLong();
    ServiceLookup lookup =
        new ServiceLookup.Growing(
            () -> answers.size() > 1 ? answers.remove(0) : answers.get(0),
            Duration.ofSeconds(graceSeconds),
            now::get);

    assertThat(lookup.servers()).isEqualTo(old);
    assertThatExceptionOfType(IOException.class).isThrownBy(lookup::servers);
    if (graceSeconds > 0) {
      now.addAndGet(TimeUnit.SECONDS.toNanos(graceSeconds) - 1);
      assertThatExceptionOfType(IOException.class).isThrownBy(lookup::servers);
    }
    now.incrementAndGet();
    assertThat(lookup.servers()).isEqualTo(anew);
    assertThat(lookup.servers()).isEqualTo(anew);
  }
}
