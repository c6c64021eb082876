// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.support.ChildJvm;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/** A Java runtime that lacks an algorithm, such as MD5 where only approved ones are allowed. */
@Memcached(servers = 3)
@Timeout(120)
@Tag("slow")
class RestrictedRuntimeTest {

  private static final String SECRET = "a-secret-that-nobody-guesses";

  private final MemcachedCluster servers;
  private final ChildJvm runtime =
      ChildJvm.start(
          Duration.ofSeconds(60),
          List.of("--add-opens", "java.base/java.security=ALL-UNNAMED"),
          RestrictedRuntime.class);

  RestrictedRuntimeTest(MemcachedCluster servers) {
    this.servers = servers;
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  private String useOne(String path) {
    return runtime.ask("use " + servers.server(0).uri(path));
  }

  private String useThree(String path) {
    return runtime.ask("use " + servers.uri(path));
  }

  @Test
  void withoutMd5_oneServerWorks_andSeveralSayWhatIsMissing() {
    runtime.ask("remove MessageDigest MD5");

    assertThat(useOne("hotels/Lisboa")).isEqualTo("works");
    for (int i = 0; i < 2; i++) { // the second time is no other error than the first
      assertThat(useThree("hotels/Lisboa"))
          .startsWith("javax.cache.CacheException: Several servers [")
          .contains(servers.server(2).address())
          .contains("MD5, which this Java runtime lacks")
          .contains("FIPS 140")
          .contains("name a single server");
    }
    assertThat(useOne("hotels/Lisboa")).isEqualTo("works");
  }

  @Test
  void withoutSha256_saysWhatIsMissing() {
    runtime.ask("remove MessageDigest SHA-256");

    for (String path : List.of("hotels/Lisboa", "hotels/" + "x".repeat(100))) {
      assertThat(useThree(path))
          .startsWith("javax.cache.CacheException: ")
          .contains("SHA-256, which this Java runtime lacks");
    }
  }

  @Test
  void withoutHmac_onlySecretsSayWhatIsMissing() {
    runtime.ask("remove Mac HmacSHA256");

    assertThat(useThree("hotels/Lisboa")).isEqualTo("works");
    assertThat(runtime.ask("use " + servers.uri("hotels/Porto") + " " + SECRET))
        .startsWith("javax.cache.CacheException: ")
        .contains("option 'secret'")
        .contains("HmacSHA256, which this Java runtime lacks");
  }

  @Test
  void md5ThatCannotBeCloned_worksAsTheOther() {
    assertThat(useThree("hotels/Lisboa")).isEqualTo("works");

    runtime.ask("wrap MD5");

    assertThat(useThree("hotels/Lisboa")).isEqualTo("works");
  }
}
