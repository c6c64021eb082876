module hotels {
  requires java.management;
  requires org.memjcache;

  opens hotels.parts;
}
