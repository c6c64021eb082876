// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.URI;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;

class UriRefusedTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis://h/x               | unknown scheme 'redis'; expected memcached://host
          vfs:/etc/cache            | unknown scheme 'vfs'; expected memcached://host
          localhost:11211           | unknown scheme 'localhost'; expected memcached://host
          //h/x                     | the scheme is missing; expected memcached://host
          /hotels                   | the scheme is missing; expected memcached://host
          hotels                    | the scheme is missing; expected memcached://host
          memcached:foo             | '//' and a host don't follow 'memcached:'
          memcached:/hotels         | '//' and a host don't follow 'memcached:'
          memcached:///hotels       | '//' and a host don't follow 'memcached:'
          memcached://h/x#part      | a fragment is refused; write %23
          memcached://h#            | a fragment is refused; write %23
          """)
  void of_otherKindOfUri_refused(String uri, String error) {
    assertThat(refusal(uri)).contains(error).contains("host[:port][,host[:port]...]/application");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcached://a,,b          | a host is missing or empty
          memcached://a,            | a host is missing or empty
          memcached://,a            | a host is missing or empty
          memcached://;/x           | a host is missing or empty
          memcached://:11211/x      | no host before the port in ':11211'
          memcached://a,:2          | no host before the port in ':2'
          memcached://h:0           | bad port in 'h:0'
          memcached://h:65536       | bad port in 'h:65536'
          memcached://h:70000       | bad port in 'h:70000'
          memcached://h:99999999999 | bad port in 'h:99999999999'
          memcached://h:abc         | bad port in 'h:abc'
          memcached://h:-1          | bad port in 'h:-1'
          memcached://h:            | bad port in 'h:'
          memcached://a:1,b:x/y     | bad port in 'b:x'
          memcached://[::1]11211    | bad port in '[::1]11211'
          memcached://%5B::1%5Dx,a  | bad port in '[::1]x'
          memcached://a:1:2         | more than one ':' in 'a:1:2'
          memcached://::1/x         | more than one ':' in '::1'; expected host[:port]
          memcached://dnss:mc.apps:1 | unknown 'dnss:' before the host in 'dnss:mc.apps:1'; did you mean 'dns:'? expected dns: or elasticache:
          memcached://srv:mc.apps:1 | unknown 'srv:' before the host in 'srv:mc.apps:1'; expected dns: or elasticache:
          memcached://srv:mc.apps   | bad port in 'srv:mc.apps'; expected ':' and a number from 1 to 65535 after the host, or nothing for 11211; or dns: or elasticache: before the host
          memcached://dns:a;dns:b   | 'dns:a' stands among servers; expected nothing else
          memcached://a,dns:b:1     | 'dns:b:1' stands among servers; expected nothing else
          memcached://dns:a:b       | bad port in 'a:b'
          memcached://dns:a:0       | bad port in 'a:0'
          memcached://dns:a..b      | bad host name 'a..b'
          memcached://dead:beef::1  | more than one ':' in 'dead:beef::1'; expected host[:port]
          memcached://elasticache:%5B::g%5D | bad IPv6 address '::g'
          memcached://elasticache:h?protocol=binary | servers are discovered by elasticache:h:11211, which is asked in the text protocol
          memcached://h?discovery.grace=1s | option 'discovery.grace' is given, but servers is h:11211; leave it out (it stands in the query of the URI), or set servers=dns:host:port or
          memcached://h,i?discovery.interval=1s | option 'discovery.interval' is given, but servers is h:11211;i:11211
          memcached://dns:h/?servers=a | option 'servers' is refused in the query of the URI, because it stands before the '?'
          memcached://%5B::1,a      | no ']' ends the IPv6 address in '[::1'
          memcached://[::1/x        | no ']' ends the IPv6 address in '[::1'
          memcached://[             | no ']' ends the IPv6 address in '['
          memcached://a:[1]         | bad port in 'a:[1]'
          memcached://%5B%5D,a      | bad IPv6 address ''; expected one such as [2001:db8::1]
          memcached://%5B::g%5D,a   | bad IPv6 address '::g'
          memcached://%5B1::2::3%5D | bad IPv6 address '1::2::3'
          memcached://%5Blocal%5D   | bad IPv6 address 'local'
          memcached://[fe80::1%251] | bad IPv6 address 'fe80::1%1'
          memcached://hö            | bad host name 'hö'; expected letters a-z, digits
          memcached://h%20h         | bad host name 'h h'
          memcached://a%2Cb         | bad host name 'a,b'
          memcached://a..b          | bad host name 'a..b'
          memcached://.a            | bad host name '.a'
          memcached://*             | bad host name '*'
          memcached://a%zz,b        | Malformed escape
          memcached://a,b,a         | server 'a' is named twice
          memcached://a:11211,A     | server 'A' is named twice
          memcached://%5B::1%5D,%5B0::1%5D | server '%5B0::1%5D' is named twice
          """)
  void of_badServer_refusedWithItsText(String uri, String error) {
    assertThat(refusal(uri)).contains(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcached://h//                 | name 1 of the namespace's 2 is empty
          memcached://h//x                | name 1 of the namespace's 2 is empty
          memcached://h/a//b              | name 2 of the namespace's 3 is empty
          memcached://h/hotels/           | name 2 of the namespace's 2 is empty
          memcached://h/1/2/3/4/5/6/7/8/9 | the namespace has 9 names; expected at most 8
          memcached://h/a/../b            | relative segment '..'; expected plain names, and %2E
          memcached://h/.                 | relative segment '.'; expected plain names, and %2E
          memcached://h/a%FF              | the escapes in 'a%FF' are not valid UTF-8
          memcached://h/%C0%AF            | the escapes in '%C0%AF' are not valid UTF-8
          memcached://h/%ED%A0%80         | the escapes in '%ED%A0%80' are not valid UTF-8
          memcached://h/%C3               | the escapes in '%C3' are not valid UTF-8
          """)
  void of_badPath_refusedWithReason(String uri, String error) {
    assertThat(refusal(uri)).contains(error);
  }

  @Test
  void of_loneSurrogateInPath_refused() {
    assertThat(refusal("memcached://h/a\ud800b")).contains("'a\\ud800b' has half of a surrogate");
  }

  @Test
  void of_veryLongText_errorCutsIt() {
    assertThat(refusal("memcached://h:" + "9".repeat(10_000)))
        .contains("9999'... (10002 characters)")
        .hasSizeLessThan(700);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcached://h?timout=1s              | unknown option 'timout'; did you mean 'timeout'?
          memcached://h?Timeout=1s             | unknown option 'Timeout'; did you mean 'timeout'?
          memcached://h?connect-timeout=1s     | did you mean 'connectTimeout'?
          memcached://h?connection=1           | did you mean 'connections'?
          memcached://h?serialisation.allow=a  | did you mean 'serialization.allow'?
          memcached://h?memjcache.timeout=1s   | did you mean 'timeout'?
          memcached://h?colour=red             | unknown option 'colour'; expected one of servers
          memcached://h?timeout                | option 'timeout' has no '=' and value
          memcached://h?timeout=1s&            | an option without a name
          memcached://h?&timeout=1s            | an option without a name
          memcached://h?=1s                    | an option without a name
          memcached://h?timeout=1s&timeout=1s  | option 'timeout' is given twice
          memcached://h?timeout=1s&timeout=2s  | option 'timeout' is given twice
          memcached://h?timeout=0s             | wrong value '0s' of option 'timeout'
          memcached://h?timeout=               | wrong value '' of option 'timeout'
          memcached://h?timeout=+1s            | wrong value '+1s' of option 'timeout'
          memcached://h?timeout=1s;connections=2 | wrong value '1s;connections=2' of option
          memcached://h?connections=0          | expected a whole number from 1 to 64
          memcached://h?connections=65         | wrong value '65' of option 'connections'
          memcached://h?connections=two        | wrong value 'two' of option 'connections'
          memcached://h?connections=1.0        | wrong value '1.0' of option 'connections'
          memcached://h?connections=9999999999 | wrong value '9999999999' of option 'connections'
          memcached://h?serialization.allow=a,,b | none of them empty
          memcached://h?serialization.allow=a;   | none of them empty
          memcached://h?timeout=%FF            | the escapes in '%FF' are not valid UTF-8
          memcached://h?timeout=1s%0A2         | wrong value '1s\\u000a2' of option 'timeout'
          """)
  void of_badQuery_refusedWithOptionAndAccepted(String uri, String error) {
    assertThat(refusal(uri).replace(" in the query of the URI", "")).contains(error);
  }

  @Test
  void of_unknownOption_namesAllOptions() {
    assertThat(refusal("memcached://h/app?colour=red"))
        .isEqualTo(
            "manager URI 'memcached://h/app': unknown option 'colour' in the query of the URI;"
                + " expected one of "
                + Options.ofManagers().stream().map(Option::name).collect(joining(", ")));
  }

  @Test
  void of_wrongConsistency_saysWhatIsAccepted() {
    assertThat(refusal("memcached://h/app?consistency=eventual"))
        .isEqualTo(
            "manager URI 'memcached://h/app': wrong value 'eventual' of option 'consistency' in the"
                + " query of the URI; expected strict or bounded");
  }

  @Test
  void of_stalenessOfStrict_isAContradiction() {
    assertThat(refusal("memcached://h/app?staleness=1s"))
        .isEqualTo(
            "manager URI 'memcached://h/app': option 'staleness' is given, but consistency is"
                + " strict; leave it out (it stands in the query of the URI), or set"
                + " consistency=bounded");
  }

  @Test
  void of_wrongDuration_saysWhatIsAccepted() {
    assertThat(refusal("memcached://h/app?timeout=soon"))
        .isEqualTo(
            "manager URI 'memcached://h/app': wrong value 'soon' of option 'timeout' in the query"
                + " of the URI; expected a duration from 1ms to 1h, such as 500ms, 10s, 5m or"
                + " PT0.5S");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memcached://user:hushed@h/x",
        "memcached://user:hushed@a,b/x",
        "memcached://a,user:hushed@b/x",
        "memcached://user:hushed%40a,b/x",
        "memcached://hushed@h",
        "memcached://user:hushed@h/x?timeout=wrong",
        "memcached://user:hushed@h//x#y",
        "memcached://user:sec@ret@h",
        "memcached://user:hushed word@h/x",
        "redis://user:hushed@h/x",
        "memcached:user:hushed@h",
        "memcached://h/x?password=hushed",
        "memcached://h/x?timeout=bad&password=hushed",
      })
  void of_password_neverRepeated(String text) {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> ManagerUri.parse(text))
        .satisfies(
            error -> {
              for (Throwable e = error; e != null; e = e.getCause()) {
                assertThat(e.toString()).doesNotContain("hushed").doesNotContain("ret@");
              }
            });
  }

  @Test
  void of_userInfo_saysThatItIsRefused() {
    assertThat(refusal("memcached://user:hushed@h/x"))
        .isEqualTo(
            "manager URI 'memcached:...': user info ('user:password@') before a host is refused,"
                + " since the servers of a manager are logged and shown by JMX; expected"
                + " host[:port][,host[:port]...], an IPv6 address in brackets, port 11211 if none"
                + " is given; or dns:host[:port] or elasticache:host[:port]");
  }

  @Test
  void refusal_isTheExceptionThatJsr107Asks() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> ManagerSettings.of(URI.create("redis://h"), null));
  }

  @Test
  void of_nullUri_nullPointerException() {
    assertThatNullPointerException().isThrownBy(() -> ManagerSettings.of(null, null));
  }

  /** Returns the text of the error; parsed so that texts that are no URI can be listed too. */
  private static String refusal(String uri) {
    try {
      ManagerUri.parse(uri);
    } catch (InvalidConfigurationException e) {
      return e.getMessage();
    }
    throw new AssertionError("accepted: " + uri);
  }
}
