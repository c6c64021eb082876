module hotels {
  requires com.github.luben.zstd_jni;
  requires micrometer.core;
  requires org.lz4.java;
  requires org.memjcache;
}
