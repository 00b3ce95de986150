; tnprof.profile - EXAMPLE: a Telnet profile as a z/OS site has it.
;
; Everything a site of some size uses, in the order of the shipped TNPROF
; sample. The small profile to begin with is telnet.profile. Its AT-TLS policy
; is tnprof.policy, its tables USSSITE, USSSITES and INTSITE in vtamlst/:
;   snagate --check --profile tnprof.profile --attls tnprof.policy

; ---- for all ports -----------------------------------------------------------
TelnetGlobals
  CodePage ISO8859-1 IBM-1047   ; line mode, and the screens of USS tables
  Msg07                         ; a logon that fails is told on the screen
  LUSessionPend                 ; after LOGOFF: the logo again, not the end
  TimeMark       600            ; silent so long: is the client still there?
  ScanInterval   120
  Inactive         0            ; see QUICK below
  PrtInactive      0
  ProfileInactive 900           ; idle clients of a replaced profile go
  SSLTimeout      10
  MaxReqSess      20
  MaxRUChain    1000
  SMFInit  Type119              ; records of logons and logoffs ..
  SMFTerm  Type119
  SMFFile  /var/log/snagate/telnet.smf 100 KEEP 9       ; .. go here (ours)
  Debug Conn Exception
; Logon mode by device type: first for TN3270, then for TN3270E. Without it a
; TN3270 client of model 3, 4 or 5 gets 24 lines.
  TelnetDevice 3278-2-E    NSX32702,SNX32702
  TelnetDevice 3279-2-E    NSX32702,SNX32702
  TelnetDevice 3278-3-E    NSX32703,SNX32703
  TelnetDevice 3279-3-E    NSX32703,SNX32703
  TelnetDevice 3278-4-E    NSX32704,SNX32704
  TelnetDevice 3279-4-E    NSX32704,SNX32704
  TelnetDevice 3278-5-E    NSX32705,SNX32705
  TelnetDevice 3279-5-E    NSX32705,SNX32705
  TelnetDevice IBM-DYNAMIC D4C32XX3,D4C32XX3
  TelnetDevice 3287-1      DSC2K,SCS
  TelnetDevice LINEMODE    INTERACT
EndTelnetGlobals

; ---- plain -------------------------------------------------------------------
TelnetParms
  Port 23
  CheckClientConn 5             ; who comes again: are the old ones dead?
EndTelnetParms

; ---- TLS by AT-TLS policy ------------------------------------------------------
TelnetParms
  TTLSPort 992
  ConnType Any                  ; TLS, TLS by negotiation, or plain; see TLSONLY
  TKOSpecLU 10                  ; the LU of a dead client goes to who asks for it
  KeepLU    30
EndTelnetParms

; ---- both ports: who gets which LU, screen, application -----------------------
BeginVTAM
  Port 23 992
; Client identifiers
  IPGroup BRANCH7   255.255.255.0:10.1.7.0  EndIPGroup
  IPGroup TELLERS   10.1.8.10..10.1.8.19    EndIPGroup
  IPGroup SHOPS     10.1.9.0/24             EndIPGroup
  HNGroup HELPDESK  **.HELP.EXAMPLE.COM     EndHNGroup
; For everybody
  DefaultLUs ,80%     TCP00001..TCP00999..FFFFFNNN EndDefaultLUs
  DefaultLUsSpec      TCP01000..TCP01999           EndDefaultLUsSpec
  DefaultPrt          PRT00001..PRT00099           EndDefaultPrt
  DefaultPrtSpec      PRT00100..PRT00199           EndDefaultPrtSpec
; Branch 7: terminals with a printer each
  LUGroup  B7TERM,80%  TCPB7001..TCPB7040          EndLUGroup
  PrtGroup B7PRT       PRTB7001..PRTB7040          EndPrtGroup
  LUMap  B7TERM BRANCH7 GENERIC B7PRT
; Tellers: straight to CICS, idle ones go, TLS is a must
  LUGroup  TELLER      TCPT0000..TCPT0F9F..FFFFFXNX EndLUGroup
  ParmsGroup QUICK
    Inactive 1800
    NoLUSessionPend
  EndParmsGroup
  ParmsGroup TLSONLY
    ConnType Secure
  EndParmsGroup
  LUMap  TELLER TELLERS GENERIC DefAppl CICS LogAppl PMap QUICK
  ParmsMap TLSONLY TELLERS
; Shops: one LU for one client, its ACB stays open: the application calls
  LUMap  TCPS0001 10.1.9.1 SPECIFIC KeepOpen
  LUMap  TCPS0002 10.1.9.2 GENERIC  KeepOpen
  PrtMap PRTS0001 10.1.9.1 GENERIC  DefAppl PRTDEMO
; The help desk by the client's name
  LUGroup  HELP  TCPH0001..TCPH0009 EndLUGroup
  LUMap  HELP HELPDESK
; Response times of branch 7
  MonitorGroup SLA1
    IncludeIP Average AvgSampPeriod 120 AvgSampMultiplier 5
    Buckets Boundary1 1 Boundary2 2 Boundary3 5 Boundary4 10
  EndMonitorGroup
  MonitorMap SLA1 BRANCH7
; Screens and applications
  USSTCP     USSSITE,USSSITES
  InterpTCP  INTSITE
  LineModeAppl TSO
  AllowAppl  TSO* Disconnectable QSession,30 ; TSO passes clients to TSOnnnnn
  AllowAppl  CICS
  AllowAppl  ECHO
  AllowAppl  PRTDEMO
  RestrictAppl PAYROLL CertAuth User PAY* User BOSS LU TCP00001
EndVTAM
