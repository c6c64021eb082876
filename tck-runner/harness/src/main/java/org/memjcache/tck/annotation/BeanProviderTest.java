// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.annotation;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import domain.Blog;
import java.lang.reflect.Field;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.annotation.BeanProvider;
import manager.BlogManager;
import manager.ClassLevelCacheConfigBlogManagerImpl;
import org.jsr107.tck.annotation.AbstractInterceptionTest;
import org.junit.Test;

/**
 * Proves that the annotation tests of the TCK do test something. They pass with nothing run if they
 * find no BeanProvider, and they would pass over any other JCache provider.
 *
 * <p>Runs in the JVM of each annotation run, next to the TCK's tests. Which BeanProvider is the
 * right one is told by the system property {@code tck.beanProvider}.
 */
public final class BeanProviderTest {

  private static final String CACHE = "blgMngr"; // of the @CacheDefaults of the manager below

  /** JUnit creates it. */
  public BeanProviderTest() {}

  /** The TCK's tests have found a BeanProvider, and the one that this run is about. */
  @Test
  public void beanProviderOfTckTests_isTheExpectedOne() throws ReflectiveOperationException {
    assertEquals(System.getProperty("tck.beanProvider"), beanProvider().getClass().getName());
  }

  /** A method with {@code @CacheResult} keeps its result in a cache of this provider. */
  @Test
  public void beanOfTckTests_isCachedByThisProvider() throws ReflectiveOperationException {
    BlogManager blogs = beanProvider().getBeanByType(ClassLevelCacheConfigBlogManagerImpl.class);
    blogs.createEntry(new Blog("title", "body"));
    assertEquals("body", blogs.getEntryCached("title").getBody());

    blogs.clearEntry("title");
    assertNull(blogs.getEntryRaw("title"));
    assertEquals("body", blogs.getEntryCached("title").getBody());

    Cache<?, ?> cache = Caching.getCachingProvider().getCacheManager().getCache(CACHE);
    assertEquals("org.memjcache.MemcachedCache", cache.getClass().getName());
    assertTrue("an entry in " + CACHE, cache.iterator().hasNext());

    blogs.clearCache();
    assertNull(blogs.getEntryCached("title"));
  }

  /** Returns the BeanProvider that the TCK's tests use. */
  private static BeanProvider beanProvider() throws ReflectiveOperationException {
    Field field = AbstractInterceptionTest.class.getDeclaredField("beanProvider");
    field.setAccessible(true);
    BeanProvider found = (BeanProvider) field.get(null);
    assertNotNull("The TCK's annotation tests have found no BeanProvider", found);
    return found;
  }
}
