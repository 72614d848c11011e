int hiredis_shim_placeholder(void);
