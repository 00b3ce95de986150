; telnet.profile - the Telnet server of the demonstration.
;
; Statements as in the profile of the z/OS TN3270E Telnet server. A semicolon
; starts a comment; statements and operands are free of columns.

; ---- for all ports -----------------------------------------------------------
TELNETGLOBALS
  MSG07                         ; a logon that fails is told on the screen
  LUSESSIONPEND                 ; after LOGOFF: the logo again, not the end
  TIMEMARK 10800                ; silent so long: is the client still there?
  SCANINTERVAL 1800             ; how often that is looked at
; Logon mode by device type: first for TN3270, then for TN3270E.
  TELNETDEVICE 3278-2-E    NSX32702,SNX32702
  TELNETDEVICE 3278-3-E    NSX32703,SNX32703
  TELNETDEVICE 3278-4-E    NSX32704,SNX32704
  TELNETDEVICE 3278-5-E    NSX32705,SNX32705
  TELNETDEVICE 3279-2-E    NSX32702,SNX32702
  TELNETDEVICE 3279-3-E    NSX32703,SNX32703
  TELNETDEVICE 3279-4-E    NSX32704,SNX32704
  TELNETDEVICE 3279-5-E    NSX32705,SNX32705
; Printers: plain TN3270 ones know LU type 3 only, as a rule.
  TELNETDEVICE 3287-1      DSC2K,SCS
ENDTELNETGLOBALS

; ---- plain -------------------------------------------------------------------
TELNETPARMS
  PORT 2323,127.0.0.1
ENDTELNETPARMS

; ---- TLS: certificate and key are made by "make run" --------------------------
TELNETPARMS
  SECUREPORT 2992,127.0.0.1
  CERTIFICATE run/server.pem
  PRIVATEKEY run/server.key
  CONNTYPE SECURE               ; TLS at once; ANY would take plain clients too
ENDTELNETPARMS

; ---- who gets which LU, which screen, which applications ----------------------
BEGINVTAM
  PORT 2323 2992
  DEFAULTLUS      TCP00001..TCP09999 ENDDEFAULTLUS
  DEFAULTLUSSPEC  TCP00001..TCP09999 ENDDEFAULTLUSSPEC
  DEFAULTPRT      PRT00001..PRT00999 ENDDEFAULTPRT
  DEFAULTPRTSPEC  PRT00001..PRT00999 ENDDEFAULTPRTSPEC
  USSTCP USSDEMO,USSDEMOS       ; logo for 3270, and as text
  ALLOWAPPL *                   ; any application may be logged on to
ENDVTAM
