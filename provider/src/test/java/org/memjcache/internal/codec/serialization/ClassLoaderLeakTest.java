package org.memjcache.internal.codec.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.codec.serialization.JavaSerializerTest.OwnLoader;
import org.memjcache.support.Samples.Person;

/** What is remembered about classes keeps no application alive that was undeployed. */
class ClassLoaderLeakTest {

  @Test
  void refusal_classOfAnApplication_loaderCanGo() throws Exception {
    assertThat(isCollected(judgeInOwnLoader())).isTrue();
  }

  private static WeakReference<ClassLoader> judgeInOwnLoader() throws Exception {
    ClassLoader application = new OwnLoader(Person.class.getName());
    Class<?> type = application.loadClass(Person.class.getName());
    assertThat(type).isNotSameAs(Person.class);
    assertThat(KeyClassValidator.refusal(type)).isNull();
    return new WeakReference<>(application);
  }

  @Test
  void refusal_classOfTheJdkJudgedByACopyOfOurs_loaderOfTheCopyCanGo() throws Exception {
    assertThat(isCollected(judgeByCopy())).isTrue();
  }

  private static WeakReference<ClassLoader> judgeByCopy() throws Exception {
    ClassLoader copy = new CopyLoader();
    Class<?> rules = copy.loadClass(KeyClassValidator.class.getName());
    assertThat(rules).isNotSameAs(KeyClassValidator.class);
    var refusal = rules.getDeclaredMethod("refusal", Class.class);
    refusal.setAccessible(true);
    assertThat(refusal.invoke(null, Thread.class)).asString().contains("equals");
    return new WeakReference<>(copy);
  }

  /** Defines this package anew. */
  private static final class CopyLoader extends ClassLoader {
    CopyLoader() {
      super(ClassLoaderLeakTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("org.memjcache.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (java.io.IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static boolean isCollected(WeakReference<ClassLoader> loader) throws Exception {
    for (int i = 0; i < 50 && loader.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    return loader.get() == null;
  }
}
