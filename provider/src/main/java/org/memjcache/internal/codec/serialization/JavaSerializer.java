// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.Serializer;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.text.ErrorText;

/**
 * Java serialization behind an {@link AllowList}: the serializer unless another is configured.
 *
 * <ul>
 *   <li>A class that isn't allowed is refused before any of its code runs, when it is written as
 *       well as when it is read.
 *   <li>A dynamic proxy is refused unless all its interfaces are allowed.
 *   <li>Nesting is limited to 500 objects when reading, and array lengths by the length of the
 *       bytes.
 *   <li>The JVM-wide filter ({@code jdk.serialFilter}) can forbid more, but allow nothing.
 *   <li>Classes are looked up as {@link ClassLookup} says.
 * </ul>
 *
 * <p>Whoever can write to memcached can still make reading slow, for instance by hash sets nested
 * in each other: keep memcached in a network you trust.
 *
 * <p>Thread-safe.
 */
public final class JavaSerializer implements Serializer {

  private final AllowList allowList;
  private final ClassResolver finder;

  public JavaSerializer(ClassLookup classes, AllowList allowList) {
    this.allowList = allowList;
    this.finder = new ClassResolver(classes);
  }

  @Override
  public byte[] serialize(Object value) {
    return write("value", value, out -> new CheckedObjectOutput(out, allowList));
  }

  /**
   * Returns the bytes of a key: the same for equal keys.
   *
   * <p>Equal objects inside the key are written once, whether or not they are the same instance,
   * and equal collections in one form. Objects that are equal only to themselves are refused. If an
   * object has transient state or an array, the key is read back, and refused unless the copy
   * equals it.
   *
   * @throws CacheException if the key, or an object in it, can't be serialized, isn't allowed, or
   *     has no one form for all that equal it
   */
  @Override
  public byte[] serializeKey(Object key) {
    List<String> doubts = new ArrayList<>(0);
    byte[] bytes = write("key", key, out -> new KeyObjectOutput(out, allowList, this, doubts));
    if (!doubts.isEmpty() && !key.equals(deserialize(bytes, 0, bytes.length))) {
      throw new CacheException(
          "Class "
              + key.getClass().getName()
              + " can't be a cache key: a serialized copy isn't equal to it, perhaps because "
              + doubts.get(0)
              + "; compare only what is serialized, and all of it");
    }
    KeptHash.reset(key.getClass(), bytes);
    return bytes;
  }

  @Override
  public void checkEnum(Class<?> type) {
    allowList.require(type.getName());
  }

  @Override
  public Class<?> findEnum(String name) {
    return findClass(name);
  }

  /**
   * Returns the class with this name.
   *
   * @throws CacheException if it isn't allowed, or missing
   */
  Class<?> findClass(String name) {
    allowList.require(name);
    return finder.find(name);
  }

  /** Opens the stream that an object is written to. */
  interface Opening {
    ObjectOutputStream open(OutputStream out) throws IOException;
  }

  static byte[] write(String role, Object object, Opening opening) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (ObjectOutputStream out = opening.open(bytes)) {
      out.writeObject(object);
      out.flush();
      return bytes.toByteArray();
    } catch (NotSerializableException e) {
      throw cannotWrite(role, object, "class " + e.getMessage() + " is not serializable", e);
    } catch (StackOverflowError e) {
      throw cannotWrite(role, object, "its objects are nested too deeply, or in a circle", e);
    } catch (CacheException e) {
      throw cannotWrite(role, object, e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw cannotWrite(role, object, e.toString(), e);
    }
  }

  private static CacheException cannotWrite(
      String role, Object object, @Nullable String why, Throwable cause) {
    return new CacheException(
        "A " + role + " of class " + object.getClass().getName() + " can't be serialized: " + why,
        cause);
  }

  @Override
  public Object deserialize(byte[] bytes, int offset, int length) {
    try {
      return read(bytes, offset, length);
    } catch (CacheException e) {
      throw e;
    } catch (ClassNotFoundException e) {
      throw cannotRead("class " + e.getMessage() + " was not found", e);
    } catch (StackOverflowError e) {
      throw cannotRead("its objects are nested too deeply", e);
    } catch (IOException | RuntimeException | LinkageError e) {
      throw cannotRead(e.toString(), e);
    }
  }

  private Object read(byte[] bytes, int offset, int length)
      throws IOException, ClassNotFoundException {
    try (CheckedObjectInput in = new CheckedObjectInput(bytes, offset, length, allowList, finder)) {
      Object object;
      try {
        object = in.readObject();
      } catch (IOException e) {
        String rejection = in.rejection();
        if (rejection != null) {
          throw cannotRead(rejection, e);
        }
        throw e;
      }
      if (object == null) {
        throw cannotRead("its bytes stand for null", null);
      }
      return object;
    }
  }

  private static CacheException cannotRead(String why, @Nullable Throwable cause) {
    return new CacheException(
        "A serialized object can't be read: " + ErrorText.message(why),
        isFitForLogs(cause) ? cause : null);
  }

  /**
   * A stack trace has the message of each cause, and those of the JDK quote names from the bytes.
   */
  private static boolean isFitForLogs(@Nullable Throwable cause) {
    for (Throwable one : Failures.causes(cause)) {
      String message = String.valueOf(one.getMessage());
      if (!message.equals(ErrorText.message(message))) {
        return false;
      }
    }
    return true;
  }
}
