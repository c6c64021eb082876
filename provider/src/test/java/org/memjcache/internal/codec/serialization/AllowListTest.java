// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "com.acme.Person       | com.acme.Person             | true",
        "com.acme.Person       | com.acme.Person2            | false",
        "com.acme.Person       | com.acme.Person$Address     | false",
        "com.acme.Person       | [Lcom.acme.Person;          | true",
        "com.acme.Person       | [[Lcom.acme.Person;         | true",
        "com.acme.Person       | [Lcom.acme.Other;           | false",
        "com.acme.*            | com.acme.Person             | true",
        "com.acme.*            | com.acme.Person$Address     | true",
        "com.acme.*            | com.acme.model.Person       | false",
        "com.acme.*            | com.acmeother.Person        | false",
        "com.acme.*            | com.acme                    | false",
        "com.acme.**           | com.acme.Person             | true",
        "com.acme.**           | com.acme.model.deep.Person  | true",
        "com.acme.**           | com.acmeother.Person        | false",
        "com.acme.**           | [Lcom.acme.model.Person;    | true",
        "a.B, c.D ;e.*         | a.B                         | true",
        "a.B, c.D ;e.*         | c.D                         | true",
        "a.B, c.D ;e.*         | e.F                         | true",
        "a.B,,                 | a.B                         | true",
        "com.acme.Outer$Inner  | com.acme.Outer$Inner        | true",
        "Person                | Person                      | true",
        "''                    | com.acme.Person             | false",
      })
  void allows_pattern_classesItNames(String patterns, String name, boolean allowed) {
    assertThat(AllowList.parse(patterns).allows(name)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "**",
        ".*",
        "com.*.Person",
        "com.acme.***",
        "com.acme*",
        "!com.acme.Evil",
        "com..acme",
        ".com",
        "com.acme.",
        "com acme",
        "com/acme/Person",
        "com.acme.Person[]",
        "1com",
        "-a.B",
        "[I"
      })
  void parse_wrongPattern_namesIt(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowList.parse("com.acme.Good," + pattern))
        .withMessageContaining("'" + pattern + "'")
        .withMessageContaining("serialization.allow");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.String",
        "java.lang.Integer",
        "[I",
        "[[J",
        "int",
        "[Ljava.lang.String;",
        "[Ljava.io.Serializable;",
        "java.util.HashMap",
        "java.util.CollSer",
        "java.time.Ser",
        "java.math.BigDecimal",
        "java.lang.IllegalStateException",
        "java.lang.OutOfMemoryError",
        "java.io.IOException",
        "javax.cache.CacheException",
        "javax.cache.integration.CacheLoaderException",
        "java.util.Collections$UnmodifiableList"
      })
  void allows_valuesOfTheJdk_always(String name) {
    assertThat(AllowList.jdkTypes().allows(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.springframework.cache.interceptor.SimpleKey",
        "org.springframework.cache.support.NullValue",
        "org.apache.shiro.subject.SimplePrincipalCollection",
        "io.micronaut.cache.interceptor.ParametersKey",
        "org.hibernate.cache.spi.support.AbstractReadWriteAccess$Item",
        "[Lorg.hibernate.cache.spi.QueryKey;"
      })
  void allows_whatFrameworksCache_always(String name) {
    assertThat(AllowList.jdkTypes().allows(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.hibernate.engine.spi.TypedValue",
        "org.hibernate.cache.spi.QueryKey$Other",
        "org.springframework.cache.interceptor.SimpleKeyGenerator",
        "java.net.URL",
        "java.lang.ProcessBuilder",
        "java.lang.invoke.SerializedLambda",
        "javax.management.BadAttributeValueExpException",
        "java.rmi.server.RemoteObject",
        "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
        "java.beans.EventHandler",
        "sun.reflect.annotation.AnnotationInvocationHandler",
        "com.acme.EvilException",
        "java.util.ServiceLoader",
        "java.util.logging.Logger",
        "java.lang.reflect.Method",
        "javax.naming.InitialContext",
        "java.util.zip.ZipFile",
        "[",
        "[L",
        "[L;",
        "[Ljava.net.URL;",
        "",
        "java.util.prefs.EvilException",
        "[L",
        "[[",
        "[X"
      })
  void allows_anythingElse_no(String name) {
    assertThat(AllowList.jdkTypes().allows(name)).isFalse();
  }

  static class Base {}

  static class Declared extends Base {}

  static class Sub extends Declared {}

  @Test
  void and_declaredTypes_theyAndTheirSuperclasses() {
    AllowList list = AllowList.jdkTypes().and(Declared[][].class, Runnable.class, int.class);

    assertThat(list.allows(Declared.class.getName())).isTrue();
    assertThat(list.allows(Declared[].class.getName())).isTrue();
    assertThat(list.allows(Base.class.getName())).isTrue();
    assertThat(list.allows("java.lang.Runnable")).isTrue();
    assertThat(list.allows(Sub.class.getName())).isFalse();
    assertThat(AllowList.jdkTypes().allows(Declared.class.getName())).isFalse();
  }

  @Test
  void and_object_notEverything() {
    assertThat(AllowList.jdkTypes().and(Object.class).allows("com.acme.Person")).isFalse();
  }

  @Test
  void require_notAllowed_namesClassOptionAndExample() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> AllowList.jdkTypes().require("[Lcom.acme.Person;"))
        .withMessageContainingAll(
            "Class com.acme.Person is not allowed",
            "serialization.allow=com.acme.Person",
            "com.acme.* ",
            "com.acme.** ");
  }

  @Test
  void require_notAllowedAndOptionsInAFile_namesTheLine() {
    for (String others : List.of("", "com.acme.Booking")) {
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(
              () -> AllowList.parse(others, true).and(Integer.class).require("com.acme.H$K"))
          .withMessage(
              "Class com.acme.H$K is not allowed to be serialized. Allow it with the line"
                  + " memjcache.serialization.allow=com.acme.H$K in the properties file (or"
                  + " com.acme.* for its package, com.acme.** for all below it too)");
    }
  }

  /** A package of the JDK has classes that do harm when they are read. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.Runtime",
        "javax.sql.rowset.serial.SerialBlob",
        "jdk.internal.misc.Unsafe",
        "sun.misc.Unsafe",
        "com.sun.jndi.rmi.registry.ReferenceWrapper"
      })
  void require_ofTheJdk_proposesNoPackage(String name) {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> AllowList.jdkTypes().require(name))
        .withMessageEndingWith("the property memjcache.serialization.allow=" + name);
  }

  @Test
  void toString_patterns_canBeParsedAgain() {
    assertThat(AllowList.parse("b.B;a.*, c.**")).hasToString("a.*,b.B,c.**");
  }
}
