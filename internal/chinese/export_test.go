package chinese

// System are the rows of what is said outside of this module.
var System = system
