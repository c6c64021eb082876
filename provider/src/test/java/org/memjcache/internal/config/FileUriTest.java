// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.FailureMode;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;
import org.memjcache.internal.common.ClassLookup;

/** A manager's URI that is the location of a properties file. */
class FileUriTest {
  private static final String SERVERS = "memjcache.servers=a,b:2\n";

  @TempDir private Path folder;

  @Test
  void of_file_givesWhatAUriWouldGive() {
    ManagerSettings settings =
        settings(
            """
            # The caches of all hotels
            memjcache.servers     = cache2:11212 , cache1
            memjcache.namespace   = hotels/S%C3%BCd %2F Nord
            memjcache.consistency = bounded
            memjcache.staleness   = 250ms
            memjcache.failure     : miss
            memjcache.timeout     2s
            memjcache.serialization.allow = com.acme.*,\\
                                            org.acme.Person
            spring.cache.type     = jcache
            """);

    assertThat(settings)
        .isEqualTo(
            ManagerSettings.of(
                URI.create(
                    "memcached://cache1,cache2:11212/hotels/S%C3%BCd%20%2F%20Nord"
                        + "?consistency=bounded&staleness=250ms&failure=miss&timeout=2s"
                        + "&serialization.allow=com.acme.*,org.acme.Person"),
                null));
  }

  @Test
  void of_fileInUtf8_isReadAsThat() {
    assertThat(settings(SERVERS + "memjcache.namespace=hôtels/日本\n").namespace())
        .containsExactly("hôtels", "日本");
    assertThat(settings("\ufeff" + SERVERS).cluster().servers()).hasSize(2);
    assertThat(settings(SERVERS + "memjcache.namespace=h\\u00f4tels").namespace())
        .containsExactly("hôtels");
  }

  @Test
  void of_fileInOtherEncoding_refused() {
    URI uri = write("memjcache.namespace=hôtels", ISO_8859_1);

    assertThat(refusal(uri, null))
        .isEqualTo(
            "manager URI '"
                + uri
                + "': the file is not valid UTF-8; save it as UTF-8, or write other characters than"
                + " ASCII as \\uXXXX");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memjcache.timout=1s           | unknown option 'timout' in line 2 of '{}'; did you mean 'timeout'?
          memjcache.timeout=soon        | wrong value 'soon' of option 'timeout' in line 2 of '{}'; expected a duration from 1ms to 1h
          \\n\\nmemjcache.timeout=soon  | wrong value 'soon' of option 'timeout' in line 4 of '{}'; expected a duration
          memjcache.timeout=\\          | wrong value '' of option 'timeout' in line 2 of '{}'
          memjcache.servers=c           | property 'memjcache.servers' stands twice, in lines 1 and 2 of '{}'; give it once
          memjcache.staleness=1s        | option 'staleness' is given, but consistency is strict
          memjcache.namespace=a//b      | option 'namespace' in line 2 of '{}': name 2 of the namespace's 3 is empty
          memjcache.namespace=          | option 'namespace' in line 2 of '{}': the namespace is empty; expected up to 8 names with '/'
          memjcache.namespace=/         | option 'namespace' in line 2 of '{}': the namespace is empty
          memjcache.namespace=a/../b    | relative segment '..'
          memjcache.namespace=%zz       | a '%' in '%zz' is not followed by two hexadecimal digits
          memjcache.x=\\u12             | a \\u is not followed by four hexadecimal digits in line 2 of '{}'
          memjcache.cache.info.expiry=soon | wrong value 'soon' of option 'cache.info.expiry' in line 2 of '{}'; expected eternal, or created:
          memjcache.cache.info.expire=1s   | unknown cache setting 'expire' in line 2 of '{}'; did you mean 'expiry'?
          memjcache.cache.info.near=64M    | wrong value '64M' of option 'cache.info.near' in line 2 of '{}'; expected none, a number of entries
          memjcache.cache.expiry=eternal   | no name of a cache in option 'cache.expiry' in line 2 of '{}'; expected cache.<name>.<setting>
          memjcache.cache..expiry=eternal  | no name of a cache in option 'cache..expiry'
          """)
  void of_wrongLine_isNamed(String line, String error) {
    URI uri = write(SERVERS + line.replace("\\n", "\n") + "\n", UTF_8);

    assertThat(refusal(uri, null))
        .startsWith("manager URI '" + uri + "': ")
        .contains(error.replace("{}", uri.toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "serialization.allow=com.acme.**, memjcache.serialization.allow",
    "tls.verify=chain, memjcache.tls.verify",
    "cache.com.acme.*.expiry=created:1h, memjcache.cache.com.acme.*.expiry",
    "memcached.timeout=1s, memjcache.timeout",
    "memcache.failure=miss, memjcache.failure",
    "MemJCache.namespace=hotels, memjcache.namespace",
    "memjcahce.cache.info.statistics=true, memjcache.cache.info.statistics",
  })
  void of_prefixThatIsMissingOrMisspelled_isNamed(String line, String meant) {
    URI uri = write(SERVERS + line + "\n", UTF_8);

    assertThat(refusal(uri, null))
        .isEqualTo(
            "manager URI '%s': property '%s' in line 2 of '%s' does not begin with 'memjcache.'; did"
                    .formatted(uri, line.substring(0, line.indexOf('=')), uri)
                + " you mean '%s'?".formatted(meant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timeout=1s", // of whatever
        "user=sa",
        "memcached.servers=c", // beside memjcache.servers
        "memcached.cache.expiration=60",
        "spring.cache.type=jcache",
        "ehcache.timeout=1s",
      })
  void of_propertyOfSomebodyElse_isIgnored(String line) {
    assertThat(settings(SERVERS + line)).isEqualTo(settings(SERVERS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a,,b              | option 'servers' in line 1 of '{}': a host is missing or empty; expected host[:port]
          h:x               | option 'servers' in line 1 of '{}': bad port in 'h:x'
          memcached://a     | option 'servers' in line 1 of '{}': bad port in 'memcached://a'
          me:hushed@a       | option 'servers' in line 1 of '{}': user info ('user:password@') before a host is refused
          a, A:11211        | server 'A:11211' is named twice
          """)
  void of_wrongServers_areNamed(String servers, String error) {
    URI uri = write("memjcache.servers=" + servers, UTF_8);

    assertThat(refusal(uri, null))
        .contains(error.replace("{}", uri.toString()))
        .doesNotContain("hushed");
  }

  @Test
  void of_fileWithoutServers_saysHowToGiveThem() {
    URI uri = write("memjcache.timeout=1s", UTF_8);

    assertThat(refusal(uri, null))
        .isEqualTo(
            "manager URI '"
                + uri
                + "': no servers are given; expected the option servers (as a property or in a"
                + " file: memjcache.servers) with host[:port][,host[:port]...], an IPv6 address in"
                + " brackets, port 11211 if none is given; or dns:host[:port] or"
                + " elasticache:host[:port]");
  }

  @Test
  void of_fileOfSomebodyElse_saysWhatIsMissing() {
    URI uri = write("servers=a\n", UTF_8);

    assertThat(refusal(uri, null))
        .isEqualTo(
            "manager URI '"
                + uri
                + "': the file has no property whose name begins with 'memjcache.'; expected"
                + " a property such as memjcache.servers=cache1:11211");
  }

  @Test
  void of_fileThatIsNotThere_isNamed() {
    URI uri = folder.resolve("missing.properties").toUri();

    assertThat(refusal(uri, null))
        .startsWith("manager URI '" + uri + "': the file can't be read: ")
        .contains("missing.properties")
        .endsWith("expected the location of a properties file (file:, jar: or classpath:)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          file://me:hushed@far/x.properties              | the properties file is not on this machine
          file://far/x.properties                        | the properties file is not on this machine
          jar:http://me:hushed@far/x.jar!/x.properties   | the properties file is not on this machine
          jar:ftp://far/x.jar!/x.properties              | the properties file is not on this machine
          jar:file://far/x.jar!/x.properties             | the properties file is not on this machine
          JAR:jar:http://far/x.jar!/y.jar!/x.properties  | the properties file is not on this machine
          jar:/x.jar!/x.properties                       | the properties file is not on this machine
          file:////far/x.properties                      | the file can't be read
          jar:file:/x.jar                                | not a location: no !/ in spec
          jar:nested:/x.jar!/x.properties                | not a location
          file:?timeout=1s                               | nothing follows 'file:'; expected the location of a properties file
          file:x.properties?colour=red                   | unknown option 'colour' in the query of the URI
          file:x.properties?password=hushed              | option 'password' is refused in the query of the URI
          file:x.properties#                             | the namespace is empty
          file:x.properties#a//b                         | name 2 of the namespace's 3 is empty
          classpath:none.properties                      | no resource 'none.properties' was found, neither by the thread's context class loader
          http://far/x.properties                        | unknown scheme 'http'; expected memcached://host[:port][,host[:port]...]/application/tenant?option=value, with memcacheds:// for TLS, or the location of a properties file
          """)
  void of_otherLocation_refused(URI uri, String error) {
    assertThat(refusal(uri, getClass().getClassLoader()))
        .startsWith("manager URI '")
        .contains(error)
        .doesNotContain("hushed");
  }

  @Test
  void of_queryAndProperties_beatSystemPropertiesAndTheseTheFile() {
    URI file =
        write(
            SERVERS
                + "memjcache.timeout=1s\n"
                + "memjcache.connectTimeout=1s\n"
                + "memjcache.connections=1\n"
                + "memjcache.failure=miss\n",
            UTF_8);
    Properties given = properties("memjcache.connectTimeout", "4s");
    Properties system =
        properties(
            "memjcache.timeout", "2s",
            "memjcache.connectTimeout", "2s",
            "memjcache.connections", "2");

    ManagerSettings settings =
        ManagerSettings.of(
            URI.create(file + "?timeout=3s"),
            given,
            new Environment(system, name -> null, ClassLookup.of(null)));

    assertThat(settings.cluster().operationTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.cluster().connectTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(settings.cluster().connections()).isEqualTo(2);
    assertThat(settings.failure()).isEqualTo(FailureMode.MISS);
  }

  @Test
  void of_strictAboveABoundedFile_needsNoOtherStaleness() {
    URI file = write(SERVERS + "memjcache.consistency=bounded\nmemjcache.staleness=1s\n", UTF_8);

    assertThat(ManagerSettings.of(file, null).staleness()).isEqualTo(Duration.ofSeconds(1));
    assertThat(ManagerSettings.of(URI.create(file + "?consistency=strict"), null).staleness())
        .isZero();
    assertThat(ManagerSettings.of(URI.create(file + "?staleness=9ms"), null).staleness())
        .isEqualTo(Duration.ofMillis(9));
    assertThat(refusal(URI.create(file + "?consistency=strict&staleness=1s"), null))
        .contains("option 'staleness' is given, but consistency is strict");
  }

  @Test
  void of_wrongValueInTheFile_isRefusedEvenIfItDoesNotCount() {
    URI file = write(SERVERS + "memjcache.timeout=soon\n", UTF_8);

    assertThat(refusal(URI.create(file + "?timeout=3s"), null))
        .contains("wrong value 'soon' of option 'timeout' in line 2");
  }

  @Test
  void of_fragment_isBeneathTheNamespaceOfTheFile() {
    URI file = write(SERVERS + "memjcache.namespace=hotels\n", UTF_8);

    assertThat(ManagerSettings.of(URI.create(file + "#Lisboa"), null).namespace())
        .containsExactly("hotels", "Lisboa");
    assertThat(ManagerSettings.of(URI.create(file + "?timeout=1s#a%2Fb/c"), null).namespace())
        .containsExactly("hotels", "a/b", "c");
    assertThat(ManagerSettings.of(URI.create(file + "?namespace=other#Lisboa"), null).namespace())
        .containsExactly("other", "Lisboa");
    assertThat(ManagerUri.withNamespace(file, "Lis/boa", "x")).hasToString(file + "#Lis%2Fboa/x");
    assertThat(ManagerUri.withNamespace(URI.create(file + "?timeout=1s#a"), "b"))
        .hasToString(file + "?timeout=1s#a/b");
  }

  @Test
  void of_resource_isFoundByTheManagersLoaderThenByTheThreads() throws IOException {
    write(SERVERS + "memjcache.namespace=mine\n", UTF_8);
    URI uri = URI.create("classpath:caches.properties");
    try (URLClassLoader mine = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      assertThat(ManagerSettings.of(uri, null, in(mine)).namespace()).containsExactly("mine");
      assertThat(
              ManagerSettings.of(URI.create("classpath:/caches.properties"), null, in(mine))
                  .namespace())
          .containsExactly("mine");
      ClassLoader before = Thread.currentThread().getContextClassLoader();
      Thread.currentThread().setContextClassLoader(mine);
      try {
        assertThat(ManagerSettings.of(uri, null, in(getClass().getClassLoader())).namespace())
            .containsExactly("mine");
      } finally {
        Thread.currentThread().setContextClassLoader(before);
      }
    }
  }

  @Test
  void of_fileInAJar_isRead() throws IOException {
    Path jar = folder.resolve("some caches.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("conf/caches.properties"));
      out.write((SERVERS + "memjcache.namespace=jar").getBytes(UTF_8));
    }
    URI uri = URI.create("jar:" + jar.toUri() + "!/conf/caches.properties");

    assertThat(ManagerSettings.of(uri, null).namespace()).containsExactly("jar");
    assertThat(ManagerSettings.of(URI.create(uri + "?timeout=3s#b"), null).namespace())
        .containsExactly("jar", "b");
  }

  @Test
  void parse_location_isNotRead() {
    assertThat(ManagerUri.parse(" classpath:none.properties?timeout=1s#a "))
        .hasToString("classpath:none.properties?timeout=1s#a");
  }

  private ManagerSettings settings(String content) {
    return ManagerSettings.of(write(content, UTF_8), null);
  }

  private URI write(String content, Charset charset) {
    Path file = folder.resolve("caches.properties");
    try {
      Files.writeString(file, content, charset);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return file.toUri();
  }

  private static String refusal(URI uri, ClassLoader loader) {
    try {
      ManagerSettings.of(uri, null, in(loader));
    } catch (InvalidConfigurationException e) {
      return e.getMessage();
    }
    throw new AssertionError("accepted: " + uri);
  }

  private static Environment in(ClassLoader loader) {
    return new Environment(new Properties(), name -> null, ClassLookup.of(loader));
  }

  private static Properties properties(String... namesAndValues) {
    Properties properties = new Properties();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    return properties;
  }
}
