// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.value.Credentials;
import org.memjcache.internal.config.value.Protocol;

class CredentialsTest {

  private static final URI MANAGER = URI.create("memcached://h/app");

  private static ManagerSettings settings(String... namesAndValues) {
    Properties properties = new Properties();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty("memjcache." + namesAndValues[i], namesAndValues[i + 1]);
    }
    return ManagerSettings.of(MANAGER, properties);
  }

  @Test
  void of_nothingSaid_textAndNobody() {
    assertThat(settings().cluster().protocol()).isEqualTo(Protocol.TEXT);
    assertThat(settings().cluster().credentials()).isNull();
  }

  @Test
  void of_userAndPassword_areTheClusters() {
    ManagerSettings settings =
        settings("protocol", "binary", "user", "alice", "password", "open sesame");

    assertThat(settings.cluster().protocol()).isEqualTo(Protocol.BINARY);
    assertThat(settings.cluster().credentials()).isEqualTo(new Credentials("alice", "open sesame"));
  }

  @Test
  void of_variables_areTheClusters() {
    Environment surroundings =
        new Environment(
            new Properties(),
            name ->
                switch (name) {
                  case "MEMJCACHE_USER" -> "alice";
                  case "MEMJCACHE_PASSWORD" -> "sesame";
                  default -> null;
                },
            ClassLookup.of(null));
    assertThat(ManagerSettings.of(MANAGER, null, surroundings).cluster().credentials())
        .isEqualTo(new Credentials("alice", "sesame"));
  }

  @Test
  void of_othersOfTheSameCluster_areDistinct_andNoTextShowsThePassword() {
    ManagerSettings alice = settings("user", "alice", "password", "sesame");

    assertThat(alice.cluster())
        .isEqualTo(settings("user", "alice", "password", "sesame").cluster());
    assertThat(alice.cluster())
        .isNotEqualTo(settings().cluster())
        .isNotEqualTo(settings("user", "bob", "password", "sesame").cluster())
        .isNotEqualTo(settings("user", "alice", "password", "other").cluster());
    assertThat(alice.toString()).contains("alice").doesNotContain("sesame");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user     | alice   | option 'user' is given in property 'memjcache.user', but 'password'"
            + " is not set; expected both or neither",
        "password | sesame  | option 'password' is given in property 'memjcache.password', but"
            + " 'user' is not set",
        "user     | a b     | wrong value 'a b' of option 'user'",
        "user     | ''      | wrong value '' of option 'user'",
        "protocol | sesame  | wrong value 'sesame' of option 'protocol'",
      })
  void of_wrong_saysWhatIsAccepted(String name, String value, String error) {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> settings(name, value))
        .withMessageContaining(error);
  }

  @Test
  void of_wrongPassword_isNotRepeated() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> settings("user", "alice", "password", "sesa\nme"))
        .withMessageContaining("wrong value of option 'password'")
        .withMessageNotContaining("sesa");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Credentials("alice", "sesa\nme"))
        .withMessageNotContaining("sesa");
  }
}
