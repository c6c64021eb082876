// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Starts memcached servers for a test class, once for all of its tests, and closes them afterwards.
 *
 * <pre>{@code
 * @Memcached(servers = 3)
 * class CartTest {
 *   @Test
 *   void cart_serverKilled_isEmpty(MemcachedCluster cluster) { ... }
 * }
 * }</pre>
 *
 * <p>Constructors, tests and lifecycle methods may take {@link MemcachedCluster}, {@code
 * List<MemcachedServer>}, or, if there is only one server, {@link MemcachedServer} as parameters.
 * Nested test classes share the servers of the class around them unless they carry the annotation
 * themselves. May also be put on an annotation of one's own. The tests of a class see what earlier
 * ones have stored; {@link MemcachedCluster#flushAll} in a {@code @BeforeEach} helps, or an
 * instance field with a {@link MemcachedExtension}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@ExtendWith(AnnotatedMemcached.class)
public @interface Memcached {

  /** {@return how many servers to start, at least 1} */
  int servers() default 1;

  /** {@return the memory for items in megabytes, 0 for memcached's default of 64} */
  int memoryMegabytes() default 0;

  /**
   * {@return the size of the largest item, such as {@code 512k} or {@code 2m}; an empty text for
   * memcached's default of one megabyte}
   */
  String maxItemSize() default "";

  /** {@return the number of worker threads, 0 for memcached's default of 4} */
  int threads() default 0;

  /**
   * {@return whether to speak TLS, with a certificate for {@code localhost} and {@code 127.0.0.1}
   * of {@link TestAuthority#shared()}}
   */
  boolean tls() default false;

  /** {@return further arguments for memcached's command line} */
  String[] options() default {};
}
